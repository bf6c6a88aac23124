import type { Judged, JudgeRequest } from '../app/ports.ts'
import type { Absences } from '../domain/absence.ts'
import { type Condition, conditionSince, type Policy } from '../domain/condition.ts'
import { answersFrom, answersUntil, type Expectation, toDueBasis } from '../domain/expectation.ts'
import { type Instant, lastInstant } from '../domain/instant.ts'
import { judgeSet, type SetFacts, type SetJudgement } from '../domain/judge-set.ts'
import { deriveNextDeadline, missedFrom, noHistory, type Occurrence, type Surroundings } from '../domain/occurrence.ts'
import type { Sighting } from '../domain/presence.ts'
import { type AccountStatus, type ComputerStatus, isExpected } from '../domain/tree.ts'
import { toRulesText } from './condition-changes.ts'
import type { SqlDialect } from './database.ts'
import { accountsAtOnce, buildJudgeStatements, judgedAfterReports, judgedAtOnce } from './judge-statements.ts'
import { effectivePolicy, parsePolicy } from './policies.ts'
import { type AddedChange, buildAddMessages } from './outbox-batch.ts'
import type { RunStatement } from './rows-statement.ts'
import { type ExpectationColumns, toOwnExpectation } from './set-columns.ts'
import { toSetState } from './set-states.ts'
import type { RunColumns } from './tables.ts'

/** A set that is locked until the transaction ends. */
type ClaimedSet = { account_id: number; computer_key: number; set_id: number }

/** A set to be judged: what is expected of it, what is known (nothing where `run_id` is null), what was found last. */
type ClaimedRow = ExpectationColumns &
  RunColumns & {
    account_id: number
    computer_key: number
    set_id: number
    next_at: number | null
    rules: string | null
    status: string | null
    due_at: number | null
    enabled: number
    zone: string
    computer_status: string
    account_status: string
    path: string
    run_id: number | null
    open_started_at: number | null
    open_updated_at: number | null
    good_started_at: number | null
    good_ended_at: number | null
    failed_runs: number
    has_misses: number | null
  }

type Context = {
  now: Instant
  absences: Absences
  policyOf: (path: string) => Policy
  sightings: Map<number, Sighting[]>
}

/** What a set was found to be. */
type Finding = SetFacts & SetJudgement & { row: ClaimedRow }

/**
 * Builds what judges a batch of the sets of which a deadline has passed, inside a transaction that its caller has begun.
 * Each change is stored once, whoever else is judging: a set is locked, then read, and compared with what was found last.
 */
export function buildJudgeDue(dialect: SqlDialect): (run: RunStatement, request: JudgeRequest) => Promise<Judged> {
  const statements = buildJudgeStatements(dialect)
  const judgeRows = buildJudgeRows(dialect, statements)
  return async (run, request) => {
    const sets = await run<ClaimedSet>(statements.claimDue, [request])
    const changed = await judgeRows(run, request, await run<ClaimedRow>(statements.readClaimed, sets))
    return { judged: sets.length, changed, hasMore: sets.length === judgedAtOnce }
  }
}

/**
 * Builds what judges the sets of which something was reported since they were judged last, a batch of them. The versions
 * that it has come to are noted by `buildNoteReported` in a transaction of its own, so that judging never waits for
 * recording while it holds what recording may wait for.
 */
export function buildJudgeReported(
  dialect: SqlDialect,
): (run: RunStatement, request: JudgeRequest) => Promise<JudgedReports> {
  const statements = buildJudgeStatements(dialect)
  const judgeRows = buildJudgeRows(dialect, statements)
  return async (run, request) => {
    const accounts = await run<ReportedAccount & { judged_version: number }>(statements.findReported, [request])
    const sets: ClaimedSet[] = []
    const reported: ReportedAccount[] = []
    for (const account of accounts) {
      if (sets.length >= judgedAtOnce) break
      const rows = await run<ClaimedSet & { state_version: number }>(statements.claimReported, [account])
      sets.push(...rows)
      // Of the last version not all sets may be in the batch.
      const isWhole = rows.length < judgedAfterReports
      const version = isWhole ? account.version : Math.max(...rows.map(row => row.state_version)) - 1
      reported.push({ account_id: account.account_id, version })
    }
    const changed = await judgeRows(run, request, await run<ClaimedRow>(statements.readClaimed, sets))
    const hasMore =
      reported.length < accounts.length || accounts.length === accountsAtOnce || sets.length >= judgedAtOnce
    return { judged: sets.length, changed, hasMore, reported }
  }
}

/** An account of which the sets were judged up to a version. */
export type ReportedAccount = { account_id: number; version: number }

/** What came of judging after reports, and how far. */
export type JudgedReports = Judged & { reported: ReportedAccount[] }

/** Builds what notes up to which version accounts were judged. */
export function buildNoteReported(
  dialect: SqlDialect,
): (run: RunStatement, reported: ReportedAccount[]) => Promise<void> {
  const { noteReported } = buildJudgeStatements(dialect)
  return async (run, reported) => {
    await run(noteReported, reported)
  }
}

type Statements = ReturnType<typeof buildJudgeStatements>

function buildJudgeRows(dialect: SqlDialect, statements: Statements) {
  const addMessages = buildAddMessages(dialect)

  return async (run: RunStatement, request: JudgeRequest, rows: ClaimedRow[]): Promise<number> => {
    if (rows.length === 0) return 0
    const context = await readContext(run, request, rows)
    const findings = rows.map(row => judge(row, context))
    const retracted = await retract(run, findings, context)
    const changed = findings.filter(finding => hasChanged(finding) || retracted.has(finding.row.set_id))
    await run(
      statements.setJudgements,
      findings.map(finding => toJudgement(finding, context.now)).filter((row, index) => !isSame(row, rows[index])),
    )
    const added = await run<AddedChange>(
      statements.addChanges,
      changed.map(finding => toChange(finding, context.now)),
    )
    await addMessages(run, added, context.now)
    if (changed.length > 0) await run(statements.stayAwake, [request])
    return changed.length
  }

  async function readContext(
    run: RunStatement,
    { now, catchUpMs }: JudgeRequest,
    rows: ClaimedRow[],
  ): Promise<Context> {
    const policies = await run<{ path: string; policy: string }>(statements.findPolicies, [{ now }])
    const own = new Map(policies.map(({ path, policy }) => [path, parsePolicy(policy)]))
    const policyOf = new Map<string, Policy>()
    const gaps = await run<{ from_at: number; until_at: number }>(statements.findAbsences, [{ now }])
    const watched = new Map(
      rows
        .filter(({ presence }) => presence === 'required')
        .map(({ account_id, computer_key }) => [computer_key, { account_id, computer_key }]),
    )
    const seen = await run<{ computer_key: number; from_at: number; until_at: number }>(statements.findSightings, [
      ...watched.values(),
    ])
    return {
      now,
      absences: {
        gaps: gaps.toReversed().map(({ from_at, until_at }) => ({ from: from_at, until: until_at })),
        catchUpMs,
      },
      policyOf: path => policyOf.getOrInsertComputed(path, () => effectivePolicy(own, path)),
      sightings: Map.groupBy(
        seen.map(row => ({ key: row.computer_key, from: row.from_at, until: row.until_at })),
        ({ key }) => key,
      ),
    }
  }

  /** Retracts what was called missed and has its run by now; answers the sets of which the last finding went so. */
  async function retract(run: RunStatement, findings: Finding[], context: Context): Promise<Set<number>> {
    const bySet = new Map(
      findings.filter(({ row }) => row.has_misses !== null).map(finding => [finding.row.set_id, finding]),
    )
    const sets = [...bySet.values()].map(({ row }) => ({ account_id: row.account_id, set_id: row.set_id }))
    const misses = await run<Miss>(statements.findMisses, sets)
    const windows = misses.flatMap(miss => toAnswerWindow(miss, bySet.get(miss.set_id)))
    const answered = new Set((await run<{ id: number }>(statements.findAnswers, windows)).map(({ id }) => id))
    const wrong = misses.filter(({ id, set_id, due_at }) => {
      const finding = bySet.get(set_id)
      return answered.has(id) || (finding && isYetToCome(finding, due_at, context.now))
    })
    await run(
      statements.retract,
      wrong.map(({ account_id, set_id, id }) => ({ account_id, set_id, id, now: context.now })),
    )
    return new Set(wrong.filter(miss => miss.is_last).map(({ set_id }) => set_id))
  }
}

type Miss = { id: number; account_id: number; set_id: number; due_at: number; is_last: unknown }

function judge(row: ClaimedRow, context: Context): Finding {
  const { now, policyOf } = context
  const expectation: Expectation = {
    ...toOwnExpectation(row),
    zone: row.zone,
    // Only the files of their tables write these columns.
    isEnabled: isExpected(
      row.enabled !== 0,
      row.computer_status as ComputerStatus,
      row.account_status as AccountStatus,
    ),
  }
  const history = row.run_id === null ? noHistory : toSetState(row.set_id, row)
  const facts: SetFacts = {
    expectation,
    history,
    surroundings: surroundingsOf(row, context),
    policy: policyOf(row.path),
  }
  return { row, ...facts, ...judgeSet(facts, now) }
}

function hasChanged({ row, condition }: Finding): boolean {
  return row.rules !== rulesOf(condition) || row.status !== (condition?.status ?? null)
}

function rulesOf(condition: Condition | undefined): string | null {
  return condition ? toRulesText(condition.rules) : null
}

type Judgement = Pick<ClaimedRow, 'account_id' | 'set_id' | 'next_at' | 'rules' | 'status' | 'due_at'>

function toJudgement(
  { row, expectation, history, surroundings, occurrence, condition }: Finding,
  now: Instant,
): Judgement {
  return {
    account_id: row.account_id,
    set_id: row.set_id,
    next_at: deriveNextDeadline(expectation, history, surroundings, now) ?? null,
    rules: rulesOf(condition),
    status: condition?.status ?? null,
    due_at: dueOf(occurrence, condition),
  }
}

function isSame(judgement: Judgement, row: ClaimedRow | undefined): boolean {
  const names = ['next_at', 'rules', 'status', 'due_at'] as const
  return names.every(name => judgement[name] === row?.[name])
}

/** The due time that a condition calls missed. */
function dueOf(occurrence: Occurrence | undefined, condition: Condition | undefined): Instant | null {
  return occurrence?.kind === 'due' && condition?.rules.includes('MISSED') ? occurrence.dueAt : null
}

function toChange({ row, occurrence, condition, policy }: Finding, now: Instant): object {
  return {
    account_id: row.account_id,
    computer_key: row.computer_key,
    set_id: row.set_id,
    at: occurrence && condition ? Math.min(conditionSince(occurrence, condition, policy), now) : now,
    found_at: now,
    rules: rulesOf(condition),
    status: condition?.status ?? null,
    previous_status: row.status,
    due_at: dueOf(occurrence, condition),
    run_id: occurrence?.kind === 'run' ? row.run_id : null,
  }
}

/** When a run must have started for a due time not to have been missed. */
function toAnswerWindow(miss: Miss, finding: Finding | undefined): object[] {
  if (!finding) return []
  const { expectation, history, surroundings } = finding
  const { schedule } = expectation
  const until = missedFrom(expectation, miss.due_at, surroundings) ?? Infinity
  // Any earlier run would have moved the due time of an interval.
  if (schedule.kind === 'every') return [toWindow(miss.due_at - schedule.intervalMs + 1, until)]
  const basis = toDueBasis(expectation, history.newestRun?.startedAt)
  const next = answersUntil(expectation, miss.due_at, basis)
  return [toWindow(answersFrom(expectation, miss.due_at, basis), Math.min(until, next - 1))]

  function toWindow(from: Instant, last: Instant): object {
    return { ...miss, answers_from: from, answers_until: Math.min(last, lastInstant) }
  }
}

/** Whether a due time counts as missed only later than now: its grace has grown since, or the clock was set back. */
function isYetToCome({ expectation, surroundings }: Finding, dueAt: Instant, now: Instant): boolean {
  const missedAt = missedFrom(expectation, dueAt, surroundings)
  return missedAt !== undefined && now <= missedAt
}

function surroundingsOf(row: ClaimedRow, { absences, sightings }: Context): Surroundings {
  return { absences, sightings: sightings.get(row.computer_key) ?? [] }
}
