import type { ClaimedMessage, ClaimRequest, SettledMessage } from '../app/channel-ports.ts'
import type {
  Judged,
  JudgeRequest,
  RecordedPing,
  RecordedRun,
  Retained,
  RetentionRequest,
  SeenComputer,
} from '../app/ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { PingRequest, RecordRequest, SqlDialect } from './database.ts'
import {
  buildJudgeDue,
  buildJudgeReported,
  buildNoteReported,
  type JudgedReports,
  type ReportedAccount,
} from './judge-batch.ts'
import { buildClaimMessages, buildSettleMessages } from './outbox-batch.ts'
import { buildRecordPings } from './ping-batch.ts'
import { buildRecordBatch } from './record-batch.ts'
import { buildRetain } from './retention-batch.ts'
import type { RunStatement } from './rows-statement.ts'
import { buildNoteSightings } from './sightings.ts'

/** The changes that are made many at a time: what each is handed, and what it answers. Both cross threads as JSON. */
export type Batches = {
  record: { input: RecordRequest[]; output: RecordedRun[] }
  recordPings: { input: PingRequest[]; output: RecordedPing[] }
  noteSightings: { input: SeenComputer[]; output: void }
  judgeDue: { input: JudgeRequest; output: Judged }
  judgeReported: { input: JudgeRequest; output: JudgedReports }
  noteReported: { input: ReportedAccount[]; output: void }
  claimMessages: { input: ClaimRequest; output: ClaimedMessage[] }
  settleMessages: { input: { channelId: number; now: Instant; messages: SettledMessage[] }; output: void }
  retain: { input: RetentionRequest; output: Retained }
}

export type BatchName = keyof Batches

/** Makes a change in a transaction that its caller has begun. */
export type BatchWork = {
  [Name in BatchName]: (run: RunStatement, input: Batches[Name]['input']) => Promise<Batches[Name]['output']>
}

/** Makes a change in one transaction; when it fails, nothing of it is stored. */
export type RunBatch = <Name extends BatchName>(
  name: Name,
  input: Batches[Name]['input'],
) => Promise<Batches[Name]['output']>

/** Builds every such change for a database. */
export function buildBatchWork(dialect: SqlDialect): BatchWork {
  return {
    record: buildRecordBatch(dialect),
    recordPings: buildRecordPings(dialect),
    noteSightings: buildNoteSightings(dialect),
    judgeDue: buildJudgeDue(dialect),
    judgeReported: buildJudgeReported(dialect),
    noteReported: buildNoteReported(dialect),
    claimMessages: buildClaimMessages(dialect),
    settleMessages: buildSettleMessages(dialect),
    retain: buildRetain(dialect),
  }
}

/** Makes the change of a name. A work and the input of its own name belong together, which the type system cannot follow. */
export function doBatch(work: BatchWork, run: RunStatement, name: BatchName, input: unknown): Promise<unknown> {
  const change = work[name] as (run: RunStatement, input: unknown) => Promise<unknown>
  return change(run, input)
}
