import { type Explanation, explain } from '../domain/explain.ts'
import { deriveFailures, type Failures } from '../domain/failures.ts'
import { formatExplanation } from '../domain/explanation-text.ts'
import type { Instant } from '../domain/instant.ts'
import { formatLocalTime, toLocalTime } from '../domain/local-time.ts'
import type { TimeZone } from '../domain/time-zone.ts'
import { type BackupSet, type Computer, toExpectation } from '../domain/tree.ts'
import { type Facts, readSurroundings, stateOfNewSet } from './current-conditions.ts'

/** How many runs are looked at, the newest ones. */
const mostRuns = 1_000

/**
 * Why a set stands as it does, when its last good backup ended, and what it has failed to do since. `text` says all of it
 * to people, so that it can be pasted into a ticket.
 */
export type ExplainedSet = {
  explanation: Explanation
  lastGoodEndedAt: Instant | null
  failures: Failures
  text: string
}

/** Explains the condition of a set at `now`. */
export async function explainSet(
  facts: Facts,
  computer: Computer,
  set: BackupSet,
  now: Instant,
): Promise<ExplainedSet> {
  const { store, directory, version } = facts
  const { accountId, key, partnerPath } = computer
  const policy = await directory.policyOf(version, partnerPath)
  const surroundings = await readSurroundings(facts, computer)
  const states = await store.setStates(accountId, key)
  const history = states.find(({ setId }) => setId === set.id) ?? stateOfNewSet(set)
  const { lastGoodAt, lastGoodEndedAt } = history
  const runs = await store.listBackupRuns(accountId, set.id, lastGoodAt ?? set.createdAt, mostRuns)
  const expectation = toExpectation(set, computer)
  const explanation = explain({ name: set.name, expectation, history, runs, surroundings, policy, now })
  const failures = deriveFailures({ expectation, runs, lastGoodAt, surroundings, now })
  const text = [
    toHeading(computer),
    formatExplanation(explanation),
    tellSince(lastGoodEndedAt, failures, expectation.zone),
  ]
  return { explanation, lastGoodEndedAt, failures, text: text.join('\n') }
}

function toHeading({ username, computerId, name }: Computer): string {
  return `Account ${username}, computer ${computerId} (${name})`
}

function tellSince(lastGoodEndedAt: Instant | null, { runs, missed }: Failures, zone: TimeZone): string {
  const last =
    lastGoodEndedAt === null
      ? 'There was no good backup yet.'
      : `The last good backup ended ${formatLocalTime(toLocalTime(lastGoodEndedAt, zone))}.`
  const since = `Since then ${runs === 1 ? '1 run' : `${runs} runs`} failed and ${missed === 1 ? '1 due time' : `${missed} due times`} passed without one.`
  return `\n${last}\n${runs + missed === 0 ? 'Nothing has failed since.' : since}`
}
