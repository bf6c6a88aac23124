import { type Static, Type } from 'typebox'
import type { Instant } from '../domain/instant.ts'
import { toDateText } from './backup-status.ts'
import { Count, DateText } from './schema.ts'

/** One member of something that was changed. Texts are as they were, anything else is JSON; what was not is empty. */
const Change = Type.Object(
  { member: Type.String(), before: Type.String(), after: Type.String() },
  { title: 'AuditedChange', xml: { name: 'change' } },
)

/** One row of what was changed by somebody. */
export const AuditEntry = Type.Object(
  {
    entry_id: Count(),
    date: DateText({ description: 'In UTC.' }),
    actor: Type.String({ description: 'Who it was, in words.' }),
    action: Type.String({ description: 'A verb and what it was done to, such as `change account`.' }),
    subject: Type.String({ description: 'What it was done to, in words.' }),
    username: Type.String({ description: 'The account that it belongs to; empty where it is a partner’s, or gone.' }),
    changes: Type.Array(Change, { description: 'What was different; without secrets.' }),
  },
  { title: 'AuditEntry', xml: { name: 'audit_entry' } },
)

export type AuditEntry = Static<typeof AuditEntry>

type Members = Record<string, unknown> | null

/** The row of a change. */
export function toAuditEntry(entry: {
  id: number
  at: Instant
  actor: string
  action: string
  subject: string
  username: string | null
  before: Members
  after: Members
}): AuditEntry {
  const { id, at, actor, action, subject, username, before, after } = entry
  const members = Object.keys({ ...before, ...after })
  return {
    entry_id: id,
    date: toDateText(at, 0, 'UTC'),
    actor,
    action,
    subject,
    username: username ?? '',
    changes: members.map(member => ({
      member,
      before: toText(member, before?.[member]),
      after: toText(member, after?.[member]),
    })),
  }
}

function toText(member: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return typeof value === 'number' && member.endsWith('_at') ? toDateText(value, 0, 'UTC') : JSON.stringify(value)
}
