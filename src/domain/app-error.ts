/** The failures a caller can act on. Only `http/errors.ts` and `cli/main.ts` know what becomes of each. */
export const errorKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'changed',
  'unavailable',
] as const

export type ErrorKind = (typeof errorKinds)[number]

/**
 * A failure the caller can act on. The message is a full sentence that names the thing and what to do, and holds no
 * secret: it is shown to the caller as it is. Anything else that is thrown is a bug.
 */
export class AppError extends Error {
  readonly kind: ErrorKind

  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.kind = kind
  }
}

/** Whether `error` is an `AppError` of one of the `kinds` (of any kind when none is named). */
export function isAppError(error: unknown, ...kinds: ErrorKind[]): error is AppError {
  return error instanceof AppError && (kinds.length === 0 || kinds.includes(error.kind))
}
