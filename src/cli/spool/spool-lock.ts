import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../run/error-code.ts'

const isLocked = 5
const isNoDatabase = 26

/**
 * Takes the lock of a spool; undefined when another process has it. The system itself gives it back when its holder
 * ends, however it ends: it is the lock of an empty SQLite database, which nothing is ever written to.
 */
export async function tryLock(folder: string): Promise<Disposable | undefined> {
  const path = join(folder, 'lock')
  await makeFile(path)
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('pragma journal_mode = memory')
    database.exec('begin exclusive')
    return { [Symbol.dispose]: () => database.close() }
  } catch (error) {
    database.close()
    if (numberOf(error) === isLocked) return undefined
    if (numberOf(error) !== isNoDatabase) throw error
    // Somebody has written into it: whoever held this file gets a new one.
    await rm(path, { force: true })
    return tryLock(folder)
  }
}

// Never opened when it is there: closing it again would end a lock that this process holds (POSIX, fcntl).
async function makeFile(path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close()
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

function numberOf(error: unknown): unknown {
  return error instanceof Error && 'errcode' in error ? error.errcode : undefined
}
