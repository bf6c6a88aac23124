/** The code of a system error, such as `ENOENT`; empty when `error` has none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
