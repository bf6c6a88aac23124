import { existsSync } from 'node:fs'
import { type Environment, readVariable, settings } from '../../config.ts'
import { AppError, isAppError } from '../../domain/app-error.ts'

/** Where a report comes from: a server that runs somewhere, or the database. */
export type ReportSource = { kind: 'server'; url: string } | { kind: 'database' }

/**
 * The server that the command names, else the database that it or the environment names, else the database of this
 * folder, else the server that the environment names. Throws `invalid` for an address that is none.
 */
export function chooseSource(
  given: { url?: string | undefined; database?: string | undefined },
  environment: Environment,
): ReportSource {
  if (given.url !== undefined) return { kind: 'server', url: readAddress(given.url, '--url') }
  const { variable, default: usual } = settings.database
  const isNamed = given.database !== undefined || environment[variable] || environment[`${variable}_FILE`]
  const url = readVariable(environment, settings.url)
  if (isNamed || url === undefined || existsSync(usual ?? '')) return { kind: 'database' }
  return { kind: 'server', url: readAddress(url, settings.url.variable) }
}

function readAddress(text: string, name: string): string {
  try {
    return settings.url.read(text)
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new AppError('invalid', `${name} ${error.message}`, { cause: error })
  }
}
