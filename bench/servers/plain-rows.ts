import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { serveBenchmark } from '../support/measured.ts'

/** The least that a report over all sets could cost: the rows by one statement, as JSON, and nothing derived from them. */
const db = new DatabaseSync(process.env['BENCH_DATABASE'] ?? '', { readOnly: true })
const rows = db.prepare(`
  select a.username, c.computer_id, c.name as computer_name, s.name as backupset_name,
    t.started_at as local_start, t.updated_at as local_end, t.state, t.errors, t.warnings,
    s.schedule, s.grace_ms, s.run_limit_ms, s.expected_from
  from backup_sets as s
  join computers as c on c.account_id = s.account_id and c.key = s.computer_key
  join accounts as a on a.id = s.account_id
  left join set_states as t
    on t.account_id = s.account_id and t.computer_key = s.computer_key and t.set_id = s.id
  order by a.username, c.name, c.computer_id, s.name`)

const server = createServer((_request, response) => {
  const text = JSON.stringify(rows.all())
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text)
})
server.listen(0, '127.0.0.1', () => {
  serveBenchmark((server.address() as AddressInfo).port, async () => {
    server.close()
    db.close()
  })
})
