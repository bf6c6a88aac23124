import type { Delivery } from './deliver.ts'
import { type Dropped, noneDropped, readLedger, writeLedger } from './ledger.ts'
import { tryLock } from './spool-lock.ts'
import { refusedFolder, type Spool } from './spool.ts'
import { join } from 'node:path'

/** What people should know of the report `name` after a delivery: nothing when the server has it. */
export async function tellOutcome(spool: Spool, name: string, delivery: Delivery): Promise<string[]> {
  const others = delivery.refused.filter(refused => refused.name !== name)
  const asides = [...others.map(tellRefused(spool)), ...delivery.damaged.map(tellDamaged(spool))]
  return [...asides, ...(await tellOwn(spool, name, delivery))]
}

async function tellOwn(spool: Spool, name: string, delivery: Delivery): Promise<string[]> {
  const refusal = await spool.reasonOf(name)
  if (refusal !== undefined) {
    return [`the run was refused, and its report put into ${join(spool.folder, refusedFolder)}: ${refusal}`]
  }
  if (!(await spool.has(name))) return []
  const reason = delivery.kept.get(name) ?? delivery.trouble?.reason ?? whyWaiting(delivery)
  return [`the run was not reported yet, its report is kept for the next lastgood run or lastgood flush: ${reason}`]
}

function whyWaiting({ isBusy }: Delivery): string {
  return isBusy ? 'another lastgood is still delivering.' : 'it was interrupted.'
}

/** Says of a report that the server refused where it is now, and why. */
export function tellRefused(spool: Spool): (refused: Delivery['refused'][number]) => string {
  return ({ set, reason }) =>
    `an earlier report of ${set} was refused, and put into ${join(spool.folder, refusedFolder)}: ${reason}`
}

/** Says of a damaged file where it is now, and what is wrong. */
export function tellDamaged(spool: Spool): (damaged: Delivery['damaged'][number]) => string {
  return ({ name, reason }) =>
    `the spooled report ${name} cannot be read, and was put into ${join(spool.folder, refusedFolder)}: ${reason}`
}

/** Says once what was dropped since it was said last; nothing where nothing was. */
export async function tellDropped(spool: Spool): Promise<string[]> {
  using lock = await tryLock(spool.folder)
  // Whoever has it tells.
  if (!lock) return []
  const ledger = await readLedger(spool.folder)
  const counts = countDropped(ledger.dropped)
  if (counts === '') return []
  await writeLedger(spool.folder, { ...ledger, dropped: noneDropped })
  return [`the spool ${spool.folder} was full or its reports too old, and was cut back: ${counts} dropped.`]
}

const words = {
  result: 'results of runs',
  logs: 'outputs of runs',
  start: 'starts of runs',
  progress: 'reports of progress',
} as const satisfies Record<keyof Dropped, string>

/** What was dropped, worst first; empty where nothing was. */
export function countDropped(dropped: Dropped): string {
  const kinds = Object.keys(words) as (keyof Dropped)[]
  return kinds.flatMap(kind => (dropped[kind] > 0 ? [`${dropped[kind]} ${words[kind]}`] : [])).join(', ')
}
