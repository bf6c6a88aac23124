import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

/** A request as it arrived, its body unpacked. */
export type ReceivedReport = {
  method: string
  path: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A server on the loopback that keeps what it is sent. */
export type ReportReceiver = {
  url: string
  reports: ReceivedReport[]
  /** Resolves when `count` reports have arrived. */
  received(count: number): Promise<ReceivedReport[]>
  [Symbol.asyncDispose](): Promise<void>
}

export type Answering = (response: ServerResponse, report: ReceivedReport, number: number) => void

/** Answers as a server that took the report does. */
export function take(response: ServerResponse): void {
  response.writeHead(201, { 'content-type': 'application/json' }).end('{"action_id":1}')
}

/** Opens a server that answers every report by `answer`; it is told the number of the report, from 1. */
export async function openReportReceiver(answer: Answering = take): Promise<ReportReceiver> {
  const reports: ReceivedReport[] = []
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const report = toReport(request, await buffer(request))
    reports.push(report)
    server.emit('report')
    answer(response, report, reports.length)
  }
  const server = createServer((request, response) => void receive(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    reports,
    async received(count) {
      while (reports.length < count) await once(server, 'report')
      return reports
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function toReport({ method = '', url = '', headers }: IncomingMessage, sent: Buffer): ReceivedReport {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
  return { method, path: pathname, query: Object.fromEntries(searchParams), headers, body }
}

/** The output parts of a report as text. */
export async function toParts({ headers, body }: ReceivedReport): Promise<Record<string, string>> {
  const contentType = headers['content-type'] ?? ''
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  return Object.fromEntries([...form].map(([name, value]) => [name, typeof value === 'string' ? value : '']))
}

// A server that listens on a host and not on a path of the file system has an address with a port.
function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return (address as AddressInfo).port
}
