import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { AppError, isAppError } from '../domain/app-error.ts'
import { applicationId } from './sqlite-dialect.ts'

const headerBytes = 100

/**
 * Looks at the header of a file (SQLite manual, "Database File Format", 1.3) without opening it as a database, so that
 * a file that is not ours stays untouched. Answers whether there is no file yet, or an empty one. Throws `invalid`
 * when it is not ours or is cut short.
 */
export function assertOwnFile(file: string): boolean {
  const found = readHeader(file)
  if (!found || found.size === 0) return true
  const { header, size } = found
  if (header.length < headerBytes || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new AppError('invalid', `${file} is not an SQLite database; name another file. It was left as it is.`)
  }
  if (header.readUInt32BE(68) !== applicationId) {
    throw new AppError('invalid', `${file} is a database of another program; name another file. It was left as it is.`)
  }
  // The page count is valid only while the two change counters agree.
  const pages = header.readUInt32BE(24) === header.readUInt32BE(92) ? header.readUInt32BE(28) : 0
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  if (size < pages * pageBytes) throw damaged(file)
  return false
}

function readHeader(file: string): { header: Buffer; size: number } | undefined {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const stat = fstatSync(descriptor)
      if (!stat.isFile()) throw new AppError('invalid', `${file} is not a file; name one for the database.`)
      const header = Buffer.alloc(headerBytes)
      const count = readSync(descriptor, header, 0, headerBytes, 0)
      return { header: header.subarray(0, count), size: stat.size }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (isAppError(error)) throw error
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new AppError('invalid', `${file} cannot be read (${(error as Error).message}).`, { cause: error })
  }
}

/** What to say of a file that is damaged. */
export function damaged(file: string, cause?: unknown): AppError {
  return new AppError(
    'invalid',
    `${file} is damaged; put back a backup of it, or move it away to start anew. It was left as it is.`,
    { cause },
  )
}

// SQLite manual, "Result and Error Codes".
const primaryCode = 0xff
const [busy, locked, readOnly, ioError, corrupt, full, cannotOpen, constraint, notADatabase] = [
  5, 6, 8, 10, 11, 13, 14, 19, 26,
]

/** What a failure of SQLite means to a caller; what is not the database's state is passed on as the bug it is. */
export function toSqliteError(error: unknown, file: string): unknown {
  const code = (error as { errcode?: number } | undefined)?.errcode
  if (isAppError(error) || code === undefined) return error
  switch (code & primaryCode) {
    case corrupt:
    case notADatabase:
      return damaged(file, error)
    case constraint:
      return new AppError('conflict', 'Something of that name is there already, or is still in use.', { cause: error })
    case full:
      return new AppError('unavailable', `The disk of ${file} is full: make room, then try again.`, { cause: error })
    case busy:
    case locked:
      return new AppError('unavailable', `${file} is in use by another program; try again.`, { cause: error })
    case readOnly:
    case ioError:
    case cannotOpen:
      return new AppError('unavailable', `${file} cannot be written (${(error as Error).message}).`, { cause: error })
    default:
      return error
  }
}
