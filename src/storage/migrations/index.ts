import type { Db, SqlDialect } from '../database.ts'
import { first } from './0001-first.ts'
import { judgement } from './0002-judgement.ts'
import { pings } from './0003-pings.ts'
import { apiKeys } from './0004-api-keys.ts'
import { mail } from './0005-mail.ts'
import { family } from './0006-family.ts'
import { audit } from './0007-audit.ts'
import { usage } from './0008-usage.ts'
import { notifications } from './0009-notifications.ts'
import { timeline } from './0015-timeline.ts'
import { signIn } from './0016-sign-in.ts'
import { outbox } from './0013-outbox.ts'
import { requestCounts } from './0012-request-counts.ts'
import { retention } from './0011-retention.ts'
import { partitions } from './0010-partitions.ts'

/** Every change of the schema in order. Only added to: a migration that was released is never edited. */
export const migrations: Record<string, (db: Db, dialect: SqlDialect) => Promise<void>> = {
  '0001-first': first,
  '0002-judgement': judgement,
  '0003-pings': pings,
  '0004-api-keys': apiKeys,
  '0005-mail': mail,
  '0006-family': family,
  '0007-audit': audit,
  '0008-usage': usage,
  '0009-notifications': notifications,
  '0013-outbox': outbox,
  '0012-request-counts': requestCounts,
  '0011-retention': retention,
  '0010-partitions': partitions,
  '0015-timeline': timeline,
  '0016-sign-in': signIn,
}
