import { AppError, isAppError } from '../domain/app-error.ts'
import { type Instant, minutes } from '../domain/instant.ts'
import type { Plugin } from '../domain/run.ts'
import { parseName } from '../domain/text.ts'
import { type BackupSet, type Computer, defaultRunLimitMs } from '../domain/tree.ts'
import type { Store } from './ports.ts'

/** The longest run limit: a year. The shortest is a minute. */
export const longestRunLimitMinutes = 525_600

/** A backup set of a computer. Throws `not-found`. */
export async function getBackupSet(store: Store, computer: Computer, name: string): Promise<BackupSet> {
  const set = await store.findBackupSet(computer.key, name.normalize('NFC').trim())
  if (set) return set
  throw new AppError(
    'not-found',
    `The computer ${computer.computerId} of ${computer.username} has no backup set ${JSON.stringify(name)}; check its name.`,
  )
}

/** Adds a backup set, of files and with the usual run limit unless told otherwise. Throws `invalid` or `conflict`. */
export async function addBackupSet(
  store: Store,
  computer: Computer,
  set: { name: string; plugin?: Plugin | undefined; runLimitMinutes?: number | undefined },
  now: Instant,
): Promise<BackupSet> {
  const { accountId, key } = computer
  const name = parseName(set.name, 'name')
  const { plugin = 'file', runLimitMinutes } = set
  const runLimitMs = runLimitMinutes === undefined ? defaultRunLimitMs : toRunLimitMs(runLimitMinutes)
  return asNameClash(computer, name, store.addBackupSet({ accountId, computerKey: key, name, plugin, runLimitMs }, now))
}

/** Changes what is given of a set. Throws `invalid`, `not-found` or `conflict`. */
export async function changeBackupSet(
  store: Store,
  computer: Computer,
  name: string,
  change: {
    name?: string | undefined
    plugin?: Plugin | undefined
    runLimitMinutes?: number | undefined
    enabled?: boolean | undefined
  },
): Promise<BackupSet> {
  const set = await getBackupSet(store, computer, name)
  const { plugin, runLimitMinutes, enabled } = change
  const newName = change.name === undefined ? set.name : parseName(change.name, 'name')
  const changed = store.changeBackupSet(set.id, {
    name: newName,
    ...(plugin && { plugin }),
    ...(runLimitMinutes !== undefined && { runLimitMs: toRunLimitMs(runLimitMinutes) }),
    ...(enabled !== undefined && { enabled }),
  })
  await asNameClash(computer, newName, changed)
  return getBackupSet(store, computer, newName)
}

/** Removes a set with the runs that were recorded for it. Throws `not-found`. */
export async function removeBackupSet(store: Store, computer: Computer, name: string): Promise<void> {
  const { id } = await getBackupSet(store, computer, name)
  await store.removeBackupSet(id)
}

function toRunLimitMs(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= longestRunLimitMinutes) return minutes(count)
  throw new AppError(
    'invalid',
    `run_limit_minutes must be a whole number from 1 to ${longestRunLimitMinutes}, not ${count}.`,
  )
}

/** Says which name clashes, where the store only knows that one does. */
async function asNameClash<Result>(computer: Computer, name: string, change: Promise<Result>): Promise<Result> {
  try {
    return await change
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error
    throw new AppError(
      'conflict',
      `The computer ${computer.computerId} of ${computer.username} has a backup set ${JSON.stringify(name)} already; choose another name.`,
      { cause: error },
    )
  }
}
