import { days, type Instant, minutes, seconds } from '../domain/instant.ts'
import { greatestClockLeadMs, type ReportedRun } from '../domain/run-report.ts'
import type { PingTarget } from './ping-directory.ts'
import type { Store, StoredRun } from './ports.ts'
import { toRunKey } from './record-ping.ts'
import { type Recorder, recordRun } from './record-run.ts'

/** A whole run as a sender told it, which knows neither a key nor the name of the set. */
export type ToldRun = Omit<ReportedRun, 'runKey' | 'backupsetName'>

/** What a delivery is told from others by. */
export type Delivered = {
  /** Who sends it: what two senders say is never the same. */
  sender: string
  /** What is the same in every delivery of the run and in no other; null where the sender says nothing like it. */
  identity: string | null
  /** All that was sent. */
  content: string
}

/** A delivery without an identity that follows another like it so closely is the same one, sent again. */
export const deliveryRepeatMs = seconds(30)

/**
 * Records a whole run of a set and answers its number, after it is on disk. Senders repeat what they got no answer to: a
 * delivery of an identity that is known updates its run or changes nothing; one without an identity changes nothing
 * when the newest run of the set is of the same delivery, a moment ago. Times that cannot be are those of the arrival, and
 * so are times of trouble of more than seven days ago.
 */
export async function recordToldRun(
  recorder: Recorder,
  target: PingTarget,
  told: ToldRun,
  delivered: Delivered,
  now: Instant,
): Promise<number> {
  const { set, computer } = target
  const { runKey, repeatedId } = await findRun(recorder.store, target, delivered, now)
  if (repeatedId !== null) return repeatedId
  const reported = { ...withPossibleTimes(told, now), runKey, backupsetName: set.name }
  return (await recordRun(recorder, computer, reported, now)).run.id
}

async function findRun(
  store: Store,
  { computer, set }: PingTarget,
  { sender, identity, content }: Delivered,
  now: Instant,
): Promise<{ runKey: string; repeatedId: number | null }> {
  if (identity !== null) return { runKey: toRunKey(set.id, `${sender} ${identity}`), repeatedId: null }
  const [newest, before] = (await store.listBackupRuns(computer.accountId, set.id, now - days(2), 2)).toReversed()
  // With the run before it in its key, a run is that of one place in the history, also where two come at one moment.
  const keyOf = (at: Instant, previous: StoredRun | undefined) =>
    toRunKey(set.id, `${sender} at ${at} after ${previous?.id ?? 'none'} ${content}`)
  const isRecent = newest !== undefined && Math.abs(now - newest.receivedAt) <= deliveryRepeatMs
  const isRepeated = isRecent && newest.runKey === keyOf(newest.receivedAt, before)
  return { runKey: keyOf(now, newest), repeatedId: isRepeated ? newest.id : null }
}

/** No sender keeps for longer what it got no answer to. */
const oldestTroubleMs = days(7)

/**
 * What a sender with a wrong clock tells is not lost, and where it is trouble, not hidden behind an older success, either: a
 * clock that fell back to 1970 would put it there.
 */
function withPossibleTimes(told: ToldRun, now: Instant): ToldRun {
  const [start, end] = [told.startedAt?.at ?? -Infinity, told.endedAt?.at ?? now]
  const latest = now + greatestClockLeadMs - minutes(1)
  const isTooOld = isTrouble(told) && (told.startedAt?.at ?? end) < now - oldestTroubleMs
  if (start <= end && start <= latest && end <= latest && !isTooOld) return told
  const text = 'The times that the sender told cannot be; those of the arrival are shown.'
  return { ...told, startedAt: null, endedAt: null, messages: [...told.messages, { level: 'info', text }] }
}

function isTrouble({ state, errors, warnings, messages }: ToldRun): boolean {
  const isSaid = messages.some(({ level }) => level !== 'info')
  return state !== 'finished' || (errors ?? 0) > 0 || (warnings ?? 0) > 0 || isSaid
}
