import type { FuzzTarget } from './target.ts'
import { adapterTargets } from './targets/adapters.ts'
import { badgeTarget, checkTarget } from './targets/checks.ts'
import { hostileTarget } from './targets/hostile.ts'
import { mailAddressTarget, mailTarget } from './targets/mails.ts'
import { pingTarget } from './targets/pings.ts'
import { backtestTarget, heartbeatTarget, readTarget, tokenTarget } from './targets/reads.ts'
import { redactionTarget } from './targets/redaction.ts'
import { batchTarget, rawRunTarget, runTarget } from './targets/runs.ts'
import { webhookTargets } from './targets/webhooks.ts'

/** Everything that takes input from outside, by what is tried on it. */
export const fuzzTargets: readonly FuzzTarget[] = [
  ...adapterTargets,
  redactionTarget,
  hostileTarget,
  pingTarget,
  ...webhookTargets,
  mailTarget,
  mailAddressTarget,
  runTarget,
  batchTarget,
  rawRunTarget,
  readTarget,
  heartbeatTarget,
  backtestTarget,
  tokenTarget,
  checkTarget,
  badgeTarget,
]
