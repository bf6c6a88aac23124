import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Load, LoadResult } from './load.ts'
import { toPercentiles } from './long-answers.ts'
import { fillRequest } from './requests.ts'

/**
 * The load generator: a process that speaks HTTP/1.1 over raw sockets, one request at a time on each connection, and
 * reads no more of an answer than its status and its length. An HTTP client costs more than the servers it would measure.
 */

/** One way to the server: sends a request, and calls back once its answer is complete. */
type Connection = { socket: Socket; send: (text: string, whenAnswered: (status: string) => void) => void }

process.on('disconnect', () => process.exit())
process.on('message', (load: Load) => {
  void put(load).then(
    result => process.send?.({ result }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  )
})

async function put(load: Load): Promise<LoadResult> {
  const failure = Promise.withResolvers<never>()
  const connections = Array.from({ length: load.connections }, () => openConnection(load.port, failure.reject))
  await Promise.race([Promise.all(connections.map(({ socket }) => once(socket, 'connect'))), failure.promise])
  const startedAt = performance.now()
  const nextRequest = load.kind === 'once' ? eachOnce(load.requests) : again(load.requests, load.seconds * 1_000)
  const statuses: Record<string, number> = {}
  const stayAwake = load.staysAwake ? keepAwake() : undefined
  const latencies: number[] = []

  await Promise.race([
    Promise.all(connections.map(connection => new Promise<void>(resolve => keepBusy(connection, resolve)))),
    failure.promise,
  ])
  const seconds = (performance.now() - startedAt) / 1_000
  clearImmediate(stayAwake?.next)
  for (const { socket } of connections) socket.removeAllListeners('close').destroy()
  return {
    requests: latencies.length,
    seconds,
    statuses,
    latencyMs: toPercentiles(latencies),
  }

  function keepBusy(connection: Connection, whenDone: () => void): void {
    const text = nextRequest()
    if (text === undefined) return whenDone()
    const sentAt = performance.now()
    connection.send(text, status => {
      latencies.push(performance.now() - sentAt)
      statuses[status] = (statuses[status] ?? 0) + 1
      keepBusy(connection, whenDone)
    })
  }
}

/** Asks for events without ever waiting for one, until `next` is cleared. */
function keepAwake(): { next: NodeJS.Immediate } {
  const state = { next: setImmediate(turn) }
  function turn(): void {
    state.next = setImmediate(turn)
  }
  return state
}

function eachOnce(requests: string[]): () => string | undefined {
  let count = 0
  return () => {
    const text = requests[count]
    count += 1
    return text === undefined ? undefined : fillIfNeeded(text)
  }
}

function again(requests: string[], forMs: number): () => string | undefined {
  const endsAt = performance.now() + forMs
  let count = 0
  return () => {
    if (performance.now() >= endsAt) return undefined
    const text = requests[count % requests.length]
    count += 1
    return text === undefined ? undefined : fillIfNeeded(text)
  }
}

function fillIfNeeded(text: string): string {
  return text.endsWith('}') ? fillRequest(text) : text
}

function openConnection(port: number, fail: (reason: Error) => void): Connection {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  let answered: ((status: string) => void) | undefined
  let head = ''
  let status = ''
  let missingBytes = 0

  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server closed a connection.')))
  socket.on('data', (chunk: Buffer) => {
    let bodyBytes = chunk.length
    if (missingBytes === 0) {
      head += chunk.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
      if (length === undefined) return fail(new Error(`An answer has no Content-Length:\n${head.slice(0, end)}`))
      status = head.slice(9, 12)
      missingBytes = Number(length)
      bodyBytes = head.length - end - 4
      head = ''
    }
    missingBytes -= bodyBytes
    if (missingBytes > 0) return
    if (missingBytes < 0) return fail(new Error('The server sent more than one answer to a request.'))
    answered?.(status)
  })

  return {
    socket,
    send: (text, whenAnswered) => {
      answered = whenAnswered
      socket.write(text, 'latin1')
    },
  }
}
