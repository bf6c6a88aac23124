import { randomBytes } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { access, chmod, lstat, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../domain/app-error.ts'
import type { Instant } from '../../domain/instant.ts'
import type { AgentSettings } from '../run/agent-settings.ts'
import { errorCode } from '../run/error-code.ts'
import { syncFolder, unfinished, writeDurably } from './durable-file.ts'
import { fingerprintOf, type Report, type ReportKind } from './report.ts'
import { parseSpoolFile, type SpooledReport, toSpoolBytes } from './spool-file.ts'

/** A file of the spool by its name, which tells its place in the order and what it holds. */
export type SpoolEntry = { name: string; kind: ReportKind }
export type SpoolFile = SpoolEntry & { bytes: number; writtenAt: Instant }

/** The reports that a computer keeps until its server has them, one file each. */
export type Spool = {
  folder: string
  /** Keeps a report behind all others; resolves to its name when it is on the disk. */
  add(report: Report, agent: AgentSettings, now: Instant): Promise<string>
  /** What is kept, in the order in which it is delivered. */
  list(): Promise<SpoolEntry[]>
  /** What is kept and what was put aside, with sizes. A file that has just gone is left out. */
  measure(place?: 'kept' | 'refused'): Promise<SpoolFile[]>
  /** Undefined when it has gone meanwhile. Throws `invalid` for a damaged file. */
  read(name: string): Promise<SpooledReport | undefined>
  has(name: string): Promise<boolean>
  replace(name: string, report: SpooledReport): Promise<void>
  remove(name: string, place?: 'kept' | 'refused'): Promise<void>
  /** Puts a file where it is never delivered from, beside a note that says why. */
  setAside(name: string, reason: string): Promise<void>
  /** Why a file was put aside; undefined when it was not. */
  reasonOf(name: string): Promise<string | undefined>
  /** Removes what writers left behind that died. */
  removeUnfinished(before: Instant): Promise<void>
}

/** Where refused and damaged reports are put, in the folder of the spool. */
export const refusedFolder = 'refused'

const entryName = /^\d{15}-[\da-f]{8}\.(progress|start|result)$/

/**
 * Opens the spool in a folder, which is made where it is not there. Throws `unavailable`, naming the folder, where
 * reports cannot be kept in it, or where somebody else could change them.
 */
export async function openSpool(folder: string): Promise<Spool> {
  try {
    const made = await mkdir(join(folder, refusedFolder), { recursive: true, mode: 0o700 })
    await checkOwner(folder)
    if (made !== undefined) await syncFolder(dirname(made))
    await access(folder, constants.W_OK)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('unavailable', `The spool ${folder} cannot be written to (${errorCode(error)}).`, {
      cause: error,
    })
  }
  return buildSpool(folder)
}

async function checkOwner(folder: string): Promise<void> {
  const found = await lstat(folder)
  const uid = process.getuid?.()
  if (!found.isDirectory()) throw new AppError('unavailable', `The spool ${folder} is no folder.`)
  if (uid !== undefined && found.uid !== uid) {
    throw new AppError(
      'unavailable',
      `The spool ${folder} belongs to another user: name another one in LASTGOOD_SPOOL.`,
    )
  }
  if (uid !== undefined && (found.mode & 0o077) !== 0) await chmod(folder, 0o700)
}

function buildSpool(folder: string): Spool {
  const placeOf = (place: 'kept' | 'refused') => (place === 'kept' ? folder : join(folder, refusedFolder))
  const noteOf = (name: string) => `${name}.reason`
  const write = (name: string, report: SpooledReport) => writeDurably(folder, name, toSpoolBytes(report))

  async function list(place: 'kept' | 'refused' = 'kept'): Promise<SpoolEntry[]> {
    const names = await readdir(placeOf(place))
    return names.sort().flatMap(name => {
      const kind = entryName.exec(name)?.[1]
      // The pattern names the kinds.
      return kind === undefined ? [] : [{ name, kind: kind as ReportKind }]
    })
  }

  return {
    folder,
    list,
    async add(report, agent, now) {
      const name = nameBehind((await list()).at(-1)?.name, report.kind, now)
      const { href } = agent.url
      await write(name, { ...report, server: href, keyFingerprint: fingerprintOf(agent.key), spooledAt: now })
      return name
    },
    async measure(place = 'kept') {
      const measured = (await list(place)).map(async entry => {
        const found = await unlessGone(stat(join(placeOf(place), entry.name)))
        return found ? [toSpoolFile(entry, found)] : []
      })
      return (await Promise.all(measured)).flat()
    },
    async read(name) {
      const bytes = await unlessGone(readFile(join(folder, name)))
      return bytes && parseSpoolFile(bytes)
    },
    has: async name => (await unlessGone(stat(join(folder, name)))) !== undefined,
    replace: write,
    remove: async (name, place = 'kept') => {
      await rm(join(placeOf(place), name), { force: true })
      if (place === 'refused') await rm(join(placeOf(place), noteOf(name)), { force: true })
    },
    async setAside(name, reason) {
      try {
        await writeDurably(placeOf('refused'), noteOf(name), Buffer.from(`${reason}\n`))
      } catch (error) {
        // No room for a note, which was told as well: the report must not stand in the way of others for that.
        if (errorCode(error) !== 'ENOSPC' && errorCode(error) !== 'EDQUOT') throw error
      }
      await unlessGone(rename(join(folder, name), join(placeOf('refused'), name)))
    },
    async reasonOf(name) {
      return (await unlessGone(readFile(join(placeOf('refused'), noteOf(name)), 'utf8')))?.trimEnd()
    },
    async removeUnfinished(before) {
      for (const name of (await readdir(folder)).filter(name => name.endsWith(unfinished))) {
        const found = await unlessGone(stat(join(folder, name)))
        if (found && found.mtimeMs < before) await rm(join(folder, name), { force: true })
      }
    },
  }
}

/** A name that sorts behind the last one, also when the clock was set back. */
function nameBehind(last: string | undefined, kind: ReportKind, now: Instant): string {
  const order = Math.max(now, Number(last?.slice(0, 15) ?? -1) + 1)
  return `${String(order).padStart(15, '0')}-${randomBytes(4).toString('hex')}.${kind}`
}

function toSpoolFile(entry: SpoolEntry, found: Stats): SpoolFile {
  return { ...entry, bytes: found.size, writtenAt: found.mtimeMs }
}

async function unlessGone<Value>(found: Promise<Value>): Promise<Value | undefined> {
  try {
    return await found
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
