import { isAppError } from '../domain/app-error.ts'
import { type LocalTime, parseLocalTime } from '../domain/local-time.ts'

/** An ISO 8601 time that carries its zone, as an offset or as `Z`; null for every other value, one without a zone too. */
export function readZonedTime(value: unknown): LocalTime | null {
  if (typeof value !== 'string' || value.length > 60 || !/(?:[Zz]|[+-]\d\d:?\d\d)$/.test(value)) return null
  try {
    return parseLocalTime(value, 'UTC', 'The time')
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}
