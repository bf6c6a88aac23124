import type { ServerAnswer } from '../run/send-to-server.ts'

/**
 * What an answer means for a report: it is taken; it is refused for good; it is not taken for a reason of its own, which
 * the next one need not have; or the server takes none now.
 */
export type Verdict = 'taken' | 'refused' | 'report-trouble' | 'server-trouble'

/** Statuses of which waiting may get rid, or somebody who mends a setting: no report is to blame. */
const serverTroubles = new Set([401, 403, 408, 425, 429])

/**
 * Reads what an answer means for a report. Only a server that explains itself as Lastgood does can refuse for good: a
 * proxy or another server that answers 400 is a wrong setting, and no reason to give a report up.
 */
export function readVerdict({ status, problem, isExplained }: ServerAnswer): Verdict {
  if (problem === undefined) return 'taken'
  // A bug that one report meets; several in a row are a server that is broken.
  if (status === 500) return 'report-trouble'
  if (status < 400 || status > 500 || serverTroubles.has(status)) return 'server-trouble'
  if (!isExplained) return status === 413 || status === 415 ? 'report-trouble' : 'server-trouble'
  // Its set is not known: it may be made yet.
  return status === 404 ? 'report-trouble' : 'refused'
}
