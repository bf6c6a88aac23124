import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What befalls a request on its way to the server. */
export type Fault =
  | 'none'
  /** Nothing is ever answered. */
  | 'hang'
  /** The connection is broken before the server sees anything. */
  | 'reset'
  /** The server stores it, and the connection is broken before its answer. */
  | 'reset after it was stored'
  | { status: number; retryAfter?: string }

/** A server in front of `target` to whose requests faults happen: the first to the first, and so on; then none. */
export async function openUnreliableFront(target: string, faults: readonly Fault[]) {
  let count = 0
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing, faults[count++] ?? 'none'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault): Promise<void> {
    const body = await buffer(incoming)
    if (fault === 'hang') return
    if (fault === 'reset') {
      incoming.socket.resetAndDestroy()
    } else if (typeof fault === 'object') {
      const { status, retryAfter } = fault
      outgoing.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
    } else {
      const answer = await forward(incoming, body)
      if (fault === 'none') outgoing.writeHead(answer.status, answer.headers).end(answer.body)
      else incoming.socket.resetAndDestroy()
    }
  }

  async function forward({ method, url, headers }: IncomingMessage, body: Buffer) {
    const sent = request(new URL(url ?? '/', target), { ...(method && { method }), headers, agent: false })
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) }
  }

  return {
    // A server that listens on a host has an address with a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
