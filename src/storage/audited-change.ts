import type { NewAuditEntry } from '../app/ports.ts'
import type { Author } from '../app/tree-ports.ts'
import { addAuditEntry } from './audit-log.ts'
import type { AuditSubject } from './audit-subjects.ts'
import type { Db } from './database.ts'

/** A change as it is written down: what is done to what, as it is before and after. */
export type Audited<Result> = {
  /** A verb and what it is done to: `change account`. */
  action: string
  /** What the change is about, as it is before. Left out of what adds something. */
  before?: (db: Db) => Promise<AuditSubject | undefined>
  /** The same after the change, by what the change answered. Left out of what removes something. */
  after?: (db: Db, result: Result) => Promise<AuditSubject | undefined>
  /** Whether it is written down even if no column that is shown has changed, as where a secret is renewed. */
  isAlwaysTold?: boolean
}

/** Makes a change and writes it down, if somebody makes it, in the transaction that it is handed. */
export async function makeAudited<Result>(
  db: Db,
  author: Author | undefined,
  audited: Audited<Result>,
  change: (db: Db) => Promise<Result>,
): Promise<Result> {
  if (!author) return change(db)
  const before = await audited.before?.(db)
  const result = await change(db)
  const entry = toEntry(author, audited, before, await audited.after?.(db, result))
  if (entry) await addAuditEntry(db, entry)
  return result
}

function toEntry(
  author: Author,
  { action, isAlwaysTold }: Pick<Audited<unknown>, 'action' | 'isAlwaysTold'>,
  before: AuditSubject | undefined,
  after: AuditSubject | undefined,
): NewAuditEntry | undefined {
  const subject = before ?? after
  if (!subject) return undefined
  const { partnerPath, accountId, name } = subject
  const about = { ...author, action, subject: name, partnerPath, accountId }
  if (!before || !after) return { ...about, before: before?.columns ?? null, after: after?.columns ?? null }
  const changed = Object.keys(after.columns).filter(
    column => JSON.stringify(before.columns[column]) !== JSON.stringify(after.columns[column]),
  )
  if (changed.length === 0 && !isAlwaysTold) return undefined
  return { ...about, before: pick(before.columns, changed), after: pick(after.columns, changed) }
}

function pick(columns: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map(name => [name, columns[name]]))
}
