import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer } from '../support/answer.ts'
import { serveBenchmark } from '../support/measured.ts'

/**
 * The baseline: bare `node:http` that gives the answer in `BENCH_ANSWER` to every request, from memory. A body is read
 * and parsed as JSON first.
 */
const { status, headers, body } = JSON.parse(process.env['BENCH_ANSWER'] ?? '') as Answer

const server = createServer((request, response) => {
  const answer = () => {
    response.writeHead(status, headers)
    response.end(body)
  }
  if (request.method === 'GET') return answer()
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString())
    answer()
  })
})
// As long as Lastgood's, so that the headers are the same.
server.keepAliveTimeout = 75_000
server.listen(0, '127.0.0.1', () => {
  serveBenchmark((server.address() as AddressInfo).port, () => Promise.resolve())
})
