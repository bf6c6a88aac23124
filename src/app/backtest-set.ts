import { backtest, type Backtest, type JudgedBy } from '../domain/backtest.ts'
import type { Policy } from '../domain/condition.ts'
import { days as daysMs, type Instant } from '../domain/instant.ts'
import type { Surroundings } from '../domain/occurrence.ts'
import { type BackupSet, type Computer, toExpectation } from '../domain/tree.ts'
import { type Facts, readSurroundings } from './current-conditions.ts'
import { type GivenExpectation, readExpectation } from './set-expectation.ts'

/** What somebody thinks of setting; what is left out stays as it is. */
export type ProposedSettings = Omit<GivenExpectation, 'presence' | 'notSeenDays'> & { policy?: Policy | undefined }

/** The days up to `now` that are looked at. */
export type BacktestPeriod = { days: number; now: Instant }

/** How many days may be looked at, and how many are unless somebody says otherwise. */
export const backtestDays = { least: 1, most: 366, usual: 90 } as const

/** What would have been different, and the time that was looked at. */
export type SetBacktest = Backtest & { from: Instant; until: Instant }

/**
 * What of the last days would have been called otherwise had other settings held for a set. Nothing is stored. Of a set
 * with more runs than can be looked at, the time begins with the first of those that are. Throws `invalid`.
 */
export async function backtestSet(
  facts: Facts,
  { computer, set }: { computer: Computer; set: BackupSet },
  { policy: proposedPolicy, ...given }: ProposedSettings,
  period: BacktestPeriod,
): Promise<SetBacktest> {
  const proposedSet = { ...set, ...readExpectation(given, set) }
  const policy = await facts.directory.policyOf(facts.version, computer.partnerPath)
  const surroundings = await readSurroundings(facts, computer)
  return replay(facts, { set, surroundings }, period, {
    present: { expectation: toExpectation(set, computer), policy },
    proposed: { expectation: toExpectation(proposedSet, computer), policy: { ...policy, ...proposedPolicy } },
  })
}

// Runs before the time that is looked at say how it began, and when the last good backup was.
const leadMs = daysMs(40)
const mostRuns = 20_000

/** Judges the past of a set twice. In both, due times count from the beginning, or since the set was added. */
export async function replay(
  { store }: Facts,
  { set, surroundings }: { set: BackupSet; surroundings: Surroundings },
  { days, now: until }: BacktestPeriod,
  { present, proposed }: { present: JudgedBy; proposed: JudgedBy },
): Promise<SetBacktest> {
  const begin = until - daysMs(days)
  const runs = await store.listBackupRuns(set.accountId, set.id, begin - leadMs, mostRuns)
  const isCut = runs.length === mostRuns
  const from = Math.min(isCut ? Math.max(begin, runs[0]?.startedAt ?? begin) : begin, until)
  const expectedFrom = Math.max(set.createdAt, from)
  const anew = ({ expectation, policy }: JudgedBy) => ({
    expectation: { ...expectation, expectedFrom, missedBefore: null },
    policy,
  })
  const past = { runs, surroundings, from, until }
  return { ...backtest({ ...past, present: anew(present), proposed: anew(proposed) }), from, until }
}
