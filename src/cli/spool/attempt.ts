import { isAppError } from '../../domain/app-error.ts'
import { isStoredRun } from '../run/is-stored-run.ts'
import { askServer, type ServerAnswer } from '../run/send-to-server.ts'
import { type BackOff, deriveBackOff, readRetryAfter, waitOf } from './back-off.ts'
import type { DeliveryRequest, World } from './deliver.ts'
import type { Ledger } from './ledger.ts'
import type { SpooledReport } from './spool-file.ts'
import { readVerdict, type Verdict } from './verdict.ts'

/** What came of sending one report; `waiting`: it was not its turn, or somebody interrupted it. */
export type Attempt = { kind: Verdict | 'waiting'; status: number; reason: string }

/** All that delivering one spool has to do with. `server` is the name of the server in the ledger. */
export type Round = { request: DeliveryRequest; world: World; ledger: Ledger; server: string }

/** Sends one report once, unless it is not its turn yet, and notes in the ledger when to try again. */
export async function attemptReport(round: Round, name: string, report: SpooledReport): Promise<Attempt> {
  const { request, world, ledger, server } = round
  const own = ledger.reports[name]
  if (own && !request.ignoresPauses && waitOf(own, world.clock()) > 0) {
    return { kind: 'waiting', status: 0, reason: own.reason }
  }
  const answer = await ask(request, report)
  const kind = readVerdict(answer)
  const attempt = { kind, status: answer.status, reason: answer.problem ?? '' }
  // An interruption is no failure of the server.
  if (request.abort.aborted && answer.status === 0) return { ...attempt, kind: 'waiting' }
  if (kind === 'server-trouble') ledger.servers[server] = backOffAfter(round, ledger.servers[server], answer)
  else delete ledger.servers[server]
  if (kind === 'report-trouble') ledger.reports[name] = backOffAfter(round, own, answer)
  else if (kind !== 'server-trouble') delete ledger.reports[name]
  return attempt
}

/** What follows from another failure for what has failed so far as `before` says. */
export function backOffAfter(
  { world }: Round,
  before: BackOff | undefined,
  { problem = '', retryAfter }: Pick<ServerAnswer, 'problem' | 'retryAfter'>,
): BackOff {
  const now = world.clock()
  return deriveBackOff(before, { reason: problem, askedMs: readRetryAfter(retryAfter, now) }, now, world.random())
}

async function ask({ agent, timeoutMs, abort }: DeliveryRequest, report: SpooledReport): Promise<ServerAnswer> {
  const { path, query, content } = report
  try {
    const request = { path, query, content, isTaken: isStoredRun }
    return await askServer(agent, request, { timeoutMs, pausesMs: [], abort })
  } catch (error) {
    if (!isAppError(error, 'unavailable')) throw error
    return { status: 0, retryAfter: '', isExplained: false, problem: error.message }
  }
}
