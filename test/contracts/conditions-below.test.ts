import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { conditionsBelow } from '../../src/app/conditions-below.ts'
import { currentConditions } from '../../src/app/current-conditions.ts'
import { toAccountNode, toPartnerNode } from '../../src/app/directory.ts'
import type { Store } from '../../src/app/ports.ts'
import type { Policy } from '../../src/domain/condition.ts'
import { days, hours, minutes } from '../../src/domain/instant.ts'
import type { TreeNode } from '../../src/domain/principal.ts'
import type { RunState } from '../../src/domain/run.ts'
import { parseSchedule } from '../../src/domain/schedule.ts'
import type { Computer, Partner } from '../../src/domain/tree.ts'
import { backupStatus } from '../../src/reports/backup-status.ts'
import { sortRows } from '../../src/reports/report.ts'
import { databaseKinds, openNewStore } from '../support/stores.ts'
import { aNewSet, aRunReport, factsOf, placeOf, runKey, testNow } from '../support/tree.ts'

const anAge = fc.integer({ min: -60, max: 10 * 24 * 60 }).map(minutes)

const aRun = fc.record({
  age: anAge,
  lastedMs: fc.integer({ min: 0, max: 600 }).map(minutes),
  state: fc.constantFrom<RunState>('running', 'finished', 'finished', 'canceled', 'failed', 'crashed'),
  offset: fc.constantFrom(null, 345, -300),
  errors: fc.constantFrom(0, 0, 2),
  warnings: fc.constantFrom(0, 0, 1),
})

const aSet = fc.record({
  schedule: fc.constantFrom('manual', 'cron 0 23 * * *', 'every 6h', 'calendar Mon..Fri 12:00'),
  zone: fc.constantFrom(null, 'Asia/Kathmandu'),
  graceMs: fc.constantFrom(0, hours(1), days(1)),
  rpoMs: fc.constantFrom(null, days(2)),
  isWatched: fc.boolean(),
  isEnabled: fc.boolean(),
  runs: fc.array(aRun, { maxLength: 4 }),
})

const aComputer = fc.record({
  name: fc.constantFrom('Laptop', 'Vault', 'a', 'Ä'),
  zone: fc.constantFrom(null, 'UTC', 'Australia/Lord_Howe'),
  status: fc.constantFrom('active', 'active', 'disabled', 'deleted'),
  seen: fc.array(anAge, { maxLength: 3 }),
  sets: fc.array(aSet, { maxLength: 3 }),
})

const aPolicy = fc.record<Policy>(
  {
    MISSED: fc.constantFrom('WARNING', 'COMPLETED'),
    WARNINGS: fc.constant('FAILURE'),
    RUNNING: fc.constant('WARNING'),
  },
  { requiredKeys: [] },
)

const aTree = fc.record({
  policies: fc.tuple(aPolicy, aPolicy),
  accounts: fc.array(
    fc.record({
      isOfLower: fc.boolean(),
      status: fc.constantFrom('active', 'active', 'canceled'),
      computers: fc.array(aComputer, { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  absentMs: fc.constantFrom(0, days(1)),
  laterMs: fc.constantFrom(0, hours(3), days(3)),
})

type Grown = { nodes: TreeNode[]; computers: Computer[] }

describe.each(databaseKinds)('judging what is below a node on %s', (_, make) => {
  let store: Store
  let remove: () => Promise<void>
  let grown = 0

  beforeEach(async () => {
    ;({ store, remove } = await openNewStore(make))
    grown = 0
  })
  afterEach(() => remove())

  /** Makes the tree in the database, beside those that are there. */
  async function grow({ policies, accounts, absentMs }: Arbitrary): Promise<Grown> {
    grown += 1
    const partners: Partner[] = []
    for (const [depth, policy] of policies.entries()) {
      const parentId = partners[0]?.id ?? null
      const username = `partner-${grown}-${depth}`
      const partner = await store.addPartner({ parentId, username, name: username }, testNow - days(30))
      await store.changePartner(partner.id, { policy })
      partners.push(partner)
    }
    const [upper, lower] = partners
    if (!upper || !lower) throw new Error('There are two partners.')
    const nodes = [upper, lower].map(toPartnerNode)
    const computers: Computer[] = []
    for (const [index, { isOfLower, status, computers: some }] of accounts.entries()) {
      const username = `account-${grown}-${index}`
      const partnerId = (isOfLower ? lower : upper).id
      const account = await store.addAccount(
        { partnerId, username, name: username, timeZone: 'America/New_York', acceptsNewSets: true },
        testNow - days(30),
      )
      await store.changeAccount(account.id, { status })
      nodes.push(toAccountNode(account))
      for (const computer of some) computers.push(...(await addComputer(account.id, username, computer)))
    }
    if (absentMs > 0) {
      await store.pulse(testNow - days(3) + grown, {})
      await store.pulse(testNow - days(3) + grown + absentMs, { pulsedAt: testNow - days(3) + grown })
    }
    return { nodes, computers }
  }

  /** Adds a computer with its sets, their runs and when it was seen; answers it unless it is deleted. */
  async function addComputer(
    accountId: number,
    username: string,
    { name, zone, status, seen, sets }: Arbitrary['accounts'][number]['computers'][number],
  ): Promise<Computer[]> {
    const computer = await store.addComputer({ accountId, name, timeZone: zone }, testNow - days(30))
    for (const [index, { schedule, zone: ownTimeZone, graceMs, rpoMs, isWatched, isEnabled, runs }] of sets.entries()) {
      const presence = isWatched ? ({ kind: 'required', notSeenMs: days(1) } as const) : ({ kind: 'ignored' } as const)
      const expected = { schedule: parseSchedule(schedule), ownTimeZone, graceMs, rpoMs, presence }
      const set = await store.addBackupSet(aNewSet(computer, { name: `Set ${index}`, ...expected }), testNow - days(9))
      await store.changeBackupSet(set.id, { enabled: isEnabled })
      for (const [number, { age, lastedMs, offset, ...facts }] of runs.entries()) {
        const startedAt = testNow - age
        const times = { startedAt, startedOffset: offset, updatedAt: startedAt + lastedMs, updatedOffset: offset }
        const key = runKey(computer.key * 100 + index * 10 + number)
        await store.recordRun(
          placeOf(computer),
          aRunReport({ runKey: key, backupsetName: set.name, ...times, ...facts }),
        )
      }
    }
    for (const age of seen.toSorted((one, other) => other - one)) {
      await store.noteSighting({ accountId, computerKey: computer.key, seenAt: testNow - age })
    }
    await store.changeComputer(computer.key, { status })
    const found = await store.findComputer(username, computer.computerId)
    return found ? [found] : []
  }

  test('makes the report that is, row by row, those of its computers', async () => {
    await fc.assert(
      fc.asyncProperty(aTree, async tree => {
        const { nodes, computers } = await grow(tree)
        const facts = await factsOf(store)
        const now = testNow + tree.laterMs
        const select = { condition_status: undefined, find: () => true }
        for (const node of nodes) {
          const expected = []
          for (const computer of computers.filter(one => isBelow(one, node))) {
            expected.push(...(await backupStatus.rows({ facts, subject: { kind: 'computer', computer }, now, select })))
          }
          const rows = await backupStatus.rows({ facts, subject: { kind: 'below', node }, now, select })
          const order = { orderBy: 'USERNAME', descending: false }
          expect(sortRows(backupStatus, rows, order)).toEqual(sortRows(backupStatus, expected, order))
        }
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  test('judges every computer once and alike, however many are taken at once', async () => {
    await fc.assert(
      fc.asyncProperty(aTree, fc.integer({ min: 1, max: 3 }), async (tree, computersAtOnce) => {
        const { nodes, computers } = await grow(tree)
        const facts = await factsOf(store)
        for (const node of nodes) {
          const judged = []
          for await (const some of conditionsBelow(facts, node, testNow, { computersAtOnce })) judged.push(...some)
          const expected = []
          for (const computer of computers.filter(one => isBelow(one, node))) {
            expected.push({ computer, conditions: await currentConditions(facts, computer, testNow) })
          }
          expect(judged).toEqual(expected)
        }
      }),
      { numRuns: 10 },
    )
  }, 120_000)

  test('looks at as many sightings of a computer as its own report does', async () => {
    const { computers, nodes } = await grow(aWatchedTree)
    const [computer] = computers
    if (!computer) throw new Error('There is a computer.')
    for (let count = 1_010; count > 0; count -= 1) {
      await store.noteSighting({
        accountId: computer.accountId,
        computerKey: computer.key,
        seenAt: testNow - count * days(1),
      })
    }
    const own = await store.sightings(computer.accountId, computer.key)
    expect(own).toHaveLength(1_000)
    for (const node of nodes.slice(0, 1)) {
      const { sightings } = await store.sliceBelow(node, { after: 0, most: 10 })
      expect(sightings.map(({ from, until }) => ({ from, until }))).toEqual(own)
      expect((await store.knownBelow(node, testNow)).sightings).toEqual(sightings)
    }
  })

  test('stops once nobody wants it any more', async () => {
    const { nodes } = await grow(aWatchedTree)
    const [node] = nodes
    if (!node) throw new Error('There is a node.')
    const judged = []
    const isWanted = () => judged.length < 1
    for await (const some of conditionsBelow(await factsOf(store), node, testNow, { isWanted, computersAtOnce: 1 })) {
      judged.push(some)
    }
    expect(judged).toHaveLength(1)
  })
})

type Arbitrary = typeof aTree extends fc.Arbitrary<infer Value> ? Value : never

const aWatchedSet = {
  schedule: 'manual',
  zone: null,
  graceMs: 0,
  rpoMs: null,
  isWatched: true,
  isEnabled: true,
  runs: [],
} satisfies Arbitrary['accounts'][number]['computers'][number]['sets'][number]
const aWatchedComputer: Arbitrary['accounts'][number]['computers'][number] = {
  name: 'Laptop',
  zone: null,
  status: 'active',
  seen: [],
  sets: [aWatchedSet],
}

/** Two computers of which one set each asks for presence. */
const aWatchedTree: Arbitrary = {
  policies: [{}, {}],
  accounts: [
    {
      isOfLower: false,
      status: 'active',
      computers: [aWatchedComputer, aWatchedComputer],
    },
  ],
  absentMs: 0,
  laterMs: 0,
}

function isBelow(computer: Computer, { partnerPath, accountId }: TreeNode): boolean {
  return accountId === null ? computer.partnerPath.startsWith(partnerPath) : computer.accountId === accountId
}
