import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A statement as it went to PostgreSQL, with its parameters as text. */
export type SentStatement = { sql: string; values: (string | null)[] }

/** What listens between a program and PostgreSQL: `take` answers what has gone by since it was asked last. */
export type StatementLog = { url: string; take: () => SentStatement[]; close: () => Promise<void> }

/**
 * Opens a way to a PostgreSQL database that writes down every statement on it, whichever thread or process sends it
 * (PostgreSQL manual, "Message Formats": Parse, Bind and Query).
 */
export async function openStatementLog(target: string): Promise<StatementLog> {
  const to = new URL(target)
  let sent: SentStatement[] = []
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = connect(Number(to.port), to.hostname)
    const read = buildMessageReader(statement => sent.push(statement))
    near.on('data', (chunk: Buffer) => {
      read(chunk)
      far.write(chunk)
    })
    far.on('data', chunk => near.write(chunk))
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  // A server that listens on a host has an address with a port.
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    take: () => {
      const taken = sent
      sent = []
      return taken
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Reads what one client sends, in whatever pieces it comes. */
function buildMessageReader(found: (statement: SentStatement) => void): (chunk: Buffer) => void {
  const prepared = new Map<string, string>()
  let rest = Buffer.alloc(0)
  let hasBegun = false

  return chunk => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      // The first message alone has no letter in front of its length.
      const letterBytes = hasBegun ? 1 : 0
      if (rest.length < letterBytes + 4) return
      const end = letterBytes + rest.readInt32BE(letterBytes)
      if (rest.length < end) return
      if (hasBegun) readMessage(String.fromCharCode(rest.readUInt8(0)), rest.subarray(5, end))
      hasBegun = true
      rest = rest.subarray(end)
    }
  }

  function readMessage(letter: string, body: Buffer): void {
    const [first = '', second = ''] = body.toString('latin1').split('\0', 2)
    if (letter === 'Q') found({ sql: body.toString('utf8').replace(/\0$/, ''), values: [] })
    if (letter === 'P') {
      const from = Buffer.byteLength(first, 'latin1') + 1
      prepared.set(first, body.toString('utf8', from, body.indexOf(0, from)))
    }
    if (letter === 'B') {
      const values = readValues(body.subarray(first.length + second.length + 2))
      found({ sql: prepared.get(second) ?? '', values })
    }
  }
}

/** The parameters of a Bind message: after the formats of them a count, then the length and the bytes of each. */
function readValues(body: Buffer): (string | null)[] {
  let at = 2 + 2 * body.readInt16BE(0)
  const count = body.readInt16BE(at)
  at += 2
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at)
    at += 4
    if (length < 0) return null
    at += length
    return body.toString('utf8', at - length, at)
  })
}
