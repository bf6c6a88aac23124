import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instant } from '../../domain/instant.ts'
import type { BackOff } from './back-off.ts'

/** What was dropped because there was no room or it was too old, by kind; `logs` are results that lost their output. */
export type Dropped = { progress: number; start: number; result: number; logs: number }

/** What a spool remembers beside its reports, for every process that delivers them. */
export type Ledger = {
  /** By address and fingerprint of the key. */
  servers: Record<string, BackOff>
  /** By name of the file. */
  reports: Record<string, BackOff>
  dropped: Dropped
}

export const noneDropped: Dropped = { progress: 0, start: 0, result: 0, logs: 0 }

const file = 'state.json'

/** Reads what a spool remembers. It is no report: where it is missing or damaged the spool begins anew. */
export async function readLedger(folder: string): Promise<Ledger> {
  return parseLedger(await readFile(join(folder, file), 'utf8').catch(() => ''))
}

/** Writes what a spool remembers, for whoever has its lock. What has been read and not changed is not written. */
export async function writeLedger(folder: string, ledger: Ledger, before?: string): Promise<void> {
  if (JSON.stringify(ledger) === before) return
  try {
    await writeFile(join(folder, `${file}.new`), JSON.stringify(ledger), { mode: 0o600 })
    await rename(join(folder, `${file}.new`), join(folder, file))
  } catch {
    // A disk that is full: the next attempts come sooner than they should, and no report is lost by it.
  }
}

/** Reads a ledger from its text; whatever cannot be understood of it is left out. */
export function parseLedger(text: string): Ledger {
  const { servers, reports, dropped } = toObject(parseJson(text))
  return { servers: toBackOffs(servers), reports: toBackOffs(reports), dropped: toDropped(toObject(dropped)) }
}

function toBackOffs(value: unknown): Record<string, BackOff> {
  const entries = Object.entries(toObject(value)).flatMap(([name, entry]) => {
    const { failures, since, notBefore, reason } = toObject(entry)
    if (!isCount(failures) || !isCount(since) || !isCount(notBefore) || typeof reason !== 'string') return []
    return [[name, { failures, since, notBefore, reason }] as const]
  })
  return Object.fromEntries(entries)
}

function toDropped(value: Record<string, unknown>): Dropped {
  const countOf = (name: keyof Dropped) => {
    const count = value[name]
    return isCount(count) ? count : 0
  }
  return { progress: countOf('progress'), start: countOf('start'), result: countOf('result'), logs: countOf('logs') }
}

function isCount(value: unknown): value is Instant {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
