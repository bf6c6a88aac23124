import { AppError, isAppError } from '../domain/app-error.ts'

/**
 * What a failure of PostgreSQL means to a caller (PostgreSQL manual, "PostgreSQL Error Codes"): the connection, the
 * server's shutdown, a former primary, time limits and lost serialization races are `unavailable`, which may be tried again;
 * unique and foreign keys `conflict`.
 */
export function toPostgresError(error: unknown): unknown {
  if (isAppError(error)) return error
  const { code, message = '' } = error as { code?: string; message?: string }
  if (
    /^(?:08|57P0|57014|55P03|53|40|25006|25P03|3D000|28|26000|42P05)/.test(code ?? '') ||
    isNetworkFailure(code, message)
  ) {
    return new AppError('unavailable', `The database cannot answer now (${message || code}).`, { cause: error })
  }
  if (code === '23505' || code === '23503') {
    return new AppError('conflict', 'Something of that name is there already, or is still in use.', { cause: error })
  }
  return error
}

function isNetworkFailure(code: string | undefined, message: string): boolean {
  return (
    /^E[A-Z_]+$/.test(code ?? '') ||
    /terminated|timeout exceeded|read timeout|timeout expired|Connection ended|not queryable/i.test(message)
  )
}

/** Whether a connection cannot be used again: it is broken, its server goes, or nobody knows what it is doing. */
export function isConnectionLost(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string }
  return isFrozen(error) || /^(?:08|57P0|25P03)/.test(code ?? '') || isNetworkFailure(code, message)
}

/** Whether a server has gone silent, or may not be written to any more: then all its connections are of no use. */
export function isFrozen(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '25006' || message === 'Query read timeout'
}
