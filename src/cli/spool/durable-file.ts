import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** How names of files end that are not complete yet. */
export const unfinished = '.tmp'

/**
 * Writes a file that is there as a whole or not at all, also when the machine stops in between: under another name, onto
 * the disk, renamed, and the folder onto the disk. Only its owner can read it.
 */
export async function writeDurably(folder: string, name: string, bytes: Buffer): Promise<void> {
  const temporary = join(folder, `${randomUUID()}${unfinished}`)
  try {
    await using file = await open(temporary, 'wx', 0o600)
    await file.writeFile(bytes)
    await file.sync()
    await file.close()
    await rename(temporary, join(folder, name))
  } catch (error) {
    // What could not be written as a whole only takes room; where it cannot be removed either, the next delivery does.
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

/** Brings the entries of a folder onto the disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such thing for folders: NTFS keeps their entries in its journal.
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}
