import { truncateSync, watch, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import path from 'node:path'

/** Adds a file of holes, which takes long to read and no room: for programs that do not write what they read as it is. */
export function addLongFile(folder: string): void {
  const file = path.join(folder, 'film.raw')
  writeFileSync(file, '')
  truncateSync(file, 20 * 1024 ** 3)
}

/** Adds a file that takes long where a limit of a few kilobytes a second is set. */
export function addLargeFile(folder: string): void {
  writeFileSync(path.join(folder, 'film.raw'), randomBytes(16_000_000))
}

/** Resolves when anything changes in a folder that is there. */
export async function changesIn(folder: string): Promise<void> {
  const watcher = watch(folder, { recursive: true })
  await once(watcher, 'change')
  watcher.close()
}
