import type { Facts } from '../../src/app/current-conditions.ts'
import { buildDirectory } from '../../src/app/directory.ts'
import type { RunPlace, SetState, Store } from '../../src/app/ports.ts'
import type { NewBackupSet } from '../../src/app/tree-ports.ts'
import { defaultExpectation } from '../../src/domain/expectation.ts'
import { hours, minutes } from '../../src/domain/instant.ts'
import type { RunFacts } from '../../src/domain/run.ts'
import type { RunReport } from '../../src/domain/run-report.ts'
import type { Account, Computer, Partner } from '../../src/domain/tree.ts'

/** A moment that tests begin at: 2026-03-05T15:00:00Z. */
export const testNow = Date.UTC(2026, 2, 5, 15)

/** A partner with one account with one computer: what nearly every test needs something of. */
export async function addTree(
  store: Store,
  {
    username = 'acme',
    partner = 'root',
    acceptsNewSets = true,
    timeZone = 'America/New_York',
  }: { username?: string; partner?: string; acceptsNewSets?: boolean; timeZone?: string } = {},
): Promise<{ partner: Partner; account: Account; computer: Computer; place: RunPlace }> {
  const top = (await store.findPartner(partner)) ?? (await addPartner(store, partner))
  const account = await store.addAccount(
    { partnerId: top.id, username, name: username, timeZone, acceptsNewSets },
    testNow,
  )
  const computer = await store.addComputer({ accountId: account.id, name: 'File server', timeZone: null }, testNow)
  return { partner: top, account, computer, place: placeOf(computer) }
}

/** A root partner. */
export function addPartner(store: Store, username: string): Promise<Partner> {
  return store.addPartner({ parentId: null, username, name: username }, testNow)
}

/** Where runs of a computer are recorded. */
export function placeOf({ accountId, key, acceptsNewSets, isWatched }: Computer): RunPlace {
  return { accountId, computerKey: key, acceptsNewSets, isWatched }
}

/** A set of files on a computer that nothing is expected of, unless the test says so. */
export function aNewSet(
  { accountId, key }: Pick<Computer, 'accountId' | 'key'>,
  set: Partial<NewBackupSet> = {},
): NewBackupSet {
  return {
    accountId,
    computerKey: key,
    name: 'Documents',
    plugin: 'file',
    ownTimeZone: null,
    ...defaultExpectation,
    ...set,
  }
}

/** The facts of a clean backup run of one hour that ended an hour ago. */
export function aRun(facts: Partial<RunFacts> = {}): RunFacts {
  return {
    type: 'backup',
    plugin: 'file',
    state: 'finished',
    startedAt: testNow - hours(2),
    startedOffset: null,
    updatedAt: testNow - hours(1),
    updatedOffset: null,
    totalFiles: 10,
    processedFiles: 10,
    newFiles: 3,
    bytes: 1_000,
    errors: 0,
    warnings: 0,
    exitStatus: 0,
    tool: null,
    ...facts,
  }
}

/** A complete report of a clean run of the set Documents. */
export function aRunReport(report: Partial<RunReport> = {}): RunReport {
  return {
    ...aRun(),
    plugin: null,
    runKey: '00000000-0000-4000-8000-000000000001',
    backupsetName: 'Documents',
    messages: [],
    log: '',
    receivedAt: testNow - minutes(59),
    ...report,
  }
}

/** The `index`th of any number of run keys. */
export function runKey(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`
}

/** What conditions are derived from, with the version of the tree as it is now. */
export async function factsOf(store: Store): Promise<Facts> {
  return { store, directory: buildDirectory(store), version: await store.treeVersion() }
}

/** The sets of a computer that have a backup run: their names and limits, and what is known of them. */
export async function statesOf(
  store: Store,
  { accountId, computerKey }: Pick<RunPlace, 'accountId' | 'computerKey'>,
): Promise<(SetState & { backupsetName: string; run: RunFacts | null; runLimitMs: number })[]> {
  const sets = await store.listBackupSets(accountId, computerKey)
  const states = new Map((await store.setStates(accountId, computerKey)).map(state => [state.setId, state]))
  return sets.flatMap(({ id, name, runLimitMs }) => {
    const state = states.get(id)
    return state ? [{ ...state, backupsetName: name, run: state.newestRun, runLimitMs }] : []
  })
}
