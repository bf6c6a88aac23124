import { AppError } from '../domain/app-error.ts'

/** The table that a database has while it is the beginning of a copy; it goes when the copy is whole and verified. */
export const unfinishedCopyTable = 'unfinished_copy'

/** Throws `invalid` for a database that has only a part of what was copied into it: judged by that, wrong things are green. */
export function assertWholeCopy(tables: readonly { name: string }[]): void {
  if (!tables.some(({ name }) => name === unfinishedCopyTable)) return
  throw new AppError(
    'invalid',
    'The database is a copy that was not finished or not verified: go on with the same lastgood db copy, or remove what is there and copy anew. It was left as it is.',
  )
}
