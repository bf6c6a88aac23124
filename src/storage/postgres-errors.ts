import { AppError, isAppError } from '../domain/app-error.ts'

/**
 * What a failure of PostgreSQL means to a caller (PostgreSQL manual, "PostgreSQL Error Codes"): the connection, the
 * server's shutdown, a former primary, time limits and lost serialization races are `unavailable`, which may be tried again;
 * unique and foreign keys `conflict`.
 */
export function toPostgresError(error: unknown): unknown {
  if (isAppError(error)) return error
  const { code, message = '' } = error as { code?: string; message?: string }
  if (/^(?:08|57P0|57014|53|40|25006|3D000|28)/.test(code ?? '') || isNetworkFailure(code, message)) {
    return new AppError('unavailable', `The database cannot answer now (${message || code}).`, { cause: error })
  }
  if (code === '23505' || code === '23503') {
    return new AppError('conflict', 'Something of that name is there already, or is still in use.', { cause: error })
  }
  return error
}

function isNetworkFailure(code: string | undefined, message: string): boolean {
  return /^E[A-Z_]+$/.test(code ?? '') || /terminated|timeout exceeded|read timeout|Connection ended/i.test(message)
}
