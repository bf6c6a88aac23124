import { AppError } from '../../domain/app-error.ts'
import { days, hours, minutes, seconds } from '../../domain/instant.ts'

const units = { s: seconds, m: minutes, h: hours, d: days } as const

/** As long as a timer of the runtime may be. */
const longestDays = 24

/** Reads how long something may take, such as `90s`, `30m`, `6h` or `1d`. Throws `invalid`, naming `member`. */
export function parseDuration(text: string, member: string): number {
  const [, count = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(text.trim()) ?? []
  const ms = unit in units ? units[unit as keyof typeof units](Number(count)) : 0
  if (ms > 0 && ms <= days(longestDays)) return ms
  throw new AppError(
    'invalid',
    `${member} must be a duration of at most ${longestDays} days such as 90s, 30m, 6h or 1d, not ${JSON.stringify(text.slice(0, 40))}.`,
  )
}
