import { AppError, isAppError } from '../domain/app-error.ts'
import { defaultExpectation } from '../domain/expectation.ts'
import type { Instant } from '../domain/instant.ts'
import type { Plugin } from '../domain/run.ts'
import { parseName } from '../domain/text.ts'
import type { BackupSet, Computer } from '../domain/tree.ts'
import type { Facts } from './current-conditions.ts'
import { expectAnew } from './expect-anew.ts'
import type { Store } from './ports.ts'
import type { BackupSetChange } from './tree-ports.ts'
import { hashSecret, mintPingId } from './secrets.ts'
import { type GivenExpectation, readExpectation } from './set-expectation.ts'

/** A backup set of a computer. Throws `not-found`. */
export async function getBackupSet(store: Store, computer: Computer, name: string): Promise<BackupSet> {
  // No name has a NUL, and not every database can look for one.
  const set = name.includes('\0')
    ? undefined
    : await store.findBackupSet(computer.accountId, computer.key, name.normalize('NFC').trim())
  if (set) return set
  throw new AppError(
    'not-found',
    `The computer ${computer.computerId} of ${computer.username} has no backup set ${JSON.stringify(name)}; check its name.`,
  )
}

/** What somebody says of a set; `tool` is the name of the backup tool that reads its pings, null for whichever fits. */
export type GivenSet = GivenExpectation & {
  plugin?: Plugin | undefined
  tool?: string | null | undefined
  enabled?: boolean | undefined
}

/** Adds a backup set, of files, unscheduled and with the usual limits unless told otherwise. Throws `invalid` or `conflict`. */
export async function addBackupSet(
  store: Store,
  computer: Computer,
  { name: givenName, plugin = 'file', tool = null, enabled = true, ...given }: GivenSet & { name: string },
  now: Instant,
): Promise<BackupSet> {
  const name = parseSetName(givenName)
  const { accountId, key: computerKey } = computer
  const set = { accountId, computerKey, name, plugin, tool, enabled, ownTimeZone: null }
  const expectation = { ...defaultExpectation, ...readExpectation(given, defaultExpectation) }
  return asNameClash(computer, name, store.addBackupSet({ ...set, ...expectation }, now))
}

/**
 * Changes what is given of a set. What moves its due times holds from `now` on: no due time before that becomes missed by
 * it, and what was missed stays so if the new schedule agrees. Throws `invalid`, `not-found` or `conflict`.
 */
export async function changeBackupSet(
  facts: Facts,
  computer: Computer,
  name: string,
  { name: givenName, plugin, tool, enabled, ...given }: GivenSet & { name?: string | undefined },
  now: Instant,
): Promise<BackupSet> {
  const { store } = facts
  const set = await getBackupSet(store, computer, name)
  const newName = givenName === undefined ? set.name : parseSetName(givenName)
  const change: BackupSetChange = {
    name: newName,
    ...(plugin && { plugin }),
    ...(tool !== undefined && { tool }),
    ...(enabled !== undefined && { enabled }),
    ...readExpectation(given, set),
  }
  const moved = movesDueTimes(set, change) ? await expectAnew(facts, computer, [set], now) : []
  for (const { expectedFrom, missedBefore } of moved) Object.assign(change, { expectedFrom, missedBefore })
  await asNameClash(computer, newName, store.changeBackupSet(set.id, change))
  return getBackupSet(store, computer, newName)
}

/**
 * The name of a set that somebody gives it. URLs name sets, and a path segment of dots alone means another path (RFC 3986,
 * 5.2.4), however it is written.
 */
function parseSetName(text: string): string {
  const name = parseName(text, 'name')
  if (name !== '.' && name !== '..') return name
  throw new AppError('invalid', `name must not be ${JSON.stringify(name)}, which no URL can hold; choose another one.`)
}

function movesDueTimes(set: BackupSet, { schedule, ownTimeZone, enabled }: BackupSetChange): boolean {
  const hasOtherSchedule = schedule !== undefined && schedule.text !== set.schedule.text
  const hasOtherZone = ownTimeZone !== undefined && ownTimeZone !== set.ownTimeZone
  return hasOtherSchedule || hasOtherZone || (enabled === true && !set.enabled)
}

/** How long the ping URLs that a set has stay valid beside a new one, unless somebody says otherwise; and at most. */
export const oldPingUrlHours = { usual: 24, most: 8_760 } as const

/**
 * Gives a set a new UUID for its ping URL and answers it. Those that it has stay valid for `othersValidMs`, so that
 * whatever pings them can be changed meanwhile.
 */
export async function renewPingId(store: Store, set: BackupSet, othersValidMs: number, now: Instant): Promise<string> {
  const pingId = mintPingId()
  await store.addPingId({ setId: set.id, hash: hashSecret(pingId), othersEndAt: now + othersValidMs }, now)
  return pingId
}

/** Removes a set with the runs that were recorded for it. Throws `not-found`. */
export async function removeBackupSet(store: Store, computer: Computer, name: string): Promise<void> {
  const { id } = await getBackupSet(store, computer, name)
  await store.removeBackupSet(id)
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
