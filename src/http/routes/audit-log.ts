import { toStorableText } from '../../domain/text.ts'
import { AuditEntry, toAuditEntry } from '../../wire/audit-entry.ts'
import { text } from '../../wire/parameters.ts'
import { getCalledPartner } from '../called-node.ts'
import { defineOperation, list } from '../operation.ts'
import { toRowWindow } from '../paging.ts'
import { readSince, since } from '../since.ts'

/** What was changed below a partner, and by whom. It asks for the scope of those who may change the partner. */
export const listAuditLog = defineOperation({
  id: 'listAuditLog',
  method: 'GET',
  path: '/v1/partners/:username/audit_log',
  scope: 'partners_write',
  tag: 'Partners',
  summary: 'What was changed at and below a partner, and by whom, newest first.',
  description: 'It tells what everybody does, so that it is for those alone who may change the partner.',
  query: {
    since: since('What was changed then or later'),
    actor: text('Who changed it, in the words of the log. Left out: whoever.'),
  },
  answer: list(AuditEntry, { most: 100, usual: 10 }),
  async handle(call) {
    const { path } = await getCalledPartner(call)
    const { actor } = call.query
    // No database can look for NUL.
    const selection = { since: readSince(call.query.since), actor: actor && toStorableText(actor) }
    const { entries, count } = await call.facts.store.listAuditLog(path, toRowWindow(call.paging), selection)
    return { rows: entries.map(toAuditEntry), count }
  },
})
