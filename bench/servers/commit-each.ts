import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import type { Answer } from '../support/answer.ts'
import { serveBenchmark } from '../support/measured.ts'

/**
 * What grouping is measured against: the least that a durable server must do without it. Every request is one insert
 * into a table of two columns of the file `BENCH_DATABASE`, with a commit of its own that is on disk before the answer.
 */
const { status, headers, body } = JSON.parse(process.env['BENCH_ANSWER'] ?? '') as Answer
const db = new DatabaseSync(process.env['BENCH_DATABASE'] ?? '')
db.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4000')
db.exec('create table if not exists runs (run_key text primary key, report text not null)')
const insert = db.prepare('insert into runs (run_key, report) values (?, ?)')

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString()
    const { run_key } = JSON.parse(text) as { run_key: string }
    insert.run(run_key, text)
    response.writeHead(status, headers)
    response.end(body)
  })
})
server.keepAliveTimeout = 75_000
server.listen(0, '127.0.0.1', () => {
  serveBenchmark((server.address() as AddressInfo).port, () => Promise.resolve(db.close()))
})
