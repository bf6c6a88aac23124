import { AppError } from './app-error.ts'

/** The longest that anything is said to be kept, in days: a hundred years. */
export const mostKeptDays = 36_500

/**
 * The least that runs are kept. Reports wait up to 30 days on a computer that finds no server (`lastgood run`): of a run
 * that was forgotten sooner a report that comes twice would be a second run.
 */
export const leastRunDays = 31

/** How many days runs are kept, 0 for ever. Throws `invalid` with `field` as its name. */
export function parseRunDays(count: number, field: string): number {
  if (isDays(count) && (count === 0 || count >= leastRunDays)) return count
  throw new AppError(
    'invalid',
    `${field} must be a number of days from ${leastRunDays} to ${mostKeptDays}, or 0 for ever: reports may wait 30 days for the server.`,
  )
}

/** How many days logs are kept, 0 as long as their runs. Throws `invalid` with `field` as its name. */
export function parseLogDays(count: number, field: string): number {
  if (isDays(count)) return count
  throw new AppError(
    'invalid',
    `${field} must be a number of days from 1 to ${mostKeptDays}, or 0 for as long as the runs.`,
  )
}

function isDays(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= mostKeptDays
}
