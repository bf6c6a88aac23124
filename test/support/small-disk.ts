import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { execute, urlOf } from './postgres-template.ts'
import { identity, laneOfPostgres, startPostgres } from './postgres-server.ts'

/** A file system of its own that is soon full; it goes when it is disposed of. */
export type SmallDisk = Disposable & { path: string; fill(): void; makeRoom(): void }

/** Whether tests may mount file systems here: only root on Linux may. */
export function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = mkdtempSync(join(tmpdir(), 'lastgood-mount-'))
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]).status === 0
  if (isMounted) execFileSync('umount', [folder])
  rmSync(folder, { recursive: true })
  return isMounted
}

/** Mounts a file system in memory that holds `kibibytes`. */
export function mountSmallDisk(kibibytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'lastgood-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'none', path])
  const filler = join(path, 'filler')
  return {
    path,
    fill() {
      const { bavail, bsize } = statfsSync(path)
      try {
        writeFileSync(filler, Buffer.alloc(bavail * bsize))
      } catch (error) {
        // Somebody else has taken some of it meanwhile: the disk is as full.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    makeRoom: () => rmSync(filler),
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    },
  }
}

/** An empty database of the lane's kind whose rows lie on a small disk; it goes when it is disposed of. */
export async function makeDatabaseOn(disk: SmallDisk): Promise<{ url: string } & AsyncDisposable> {
  if (inject('databaseKind') === 'SQLite') {
    return { url: join(disk.path, 'lastgood.sqlite'), [Symbol.asyncDispose]: () => Promise.resolve() }
  }
  const folder = join(disk.path, 'tablespace')
  mkdirSync(folder)
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid)
  const { url, stop } = await startPostgres(laneOfPostgres)
  await execute(url, `create tablespace small location '${folder}'`)
  await execute(url, 'create database small tablespace small')
  return { url: urlOf(url, 'small'), [Symbol.asyncDispose]: stop }
}
