import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

/** A network between a program and its database: what happens to it next. */
export type DatabaseProxy = {
  url: string
  /** How many connections were asked for. */
  count: () => number
  /** `swallow`: nothing arrives and nothing is refused; `lose commit`: the next COMMIT is done, its answer is lost. */
  now: (fault: 'none' | 'refuse' | 'swallow' | 'lose commit') => void
  [Symbol.asyncDispose]: () => Promise<void>
}

/** Stands between a program and the database at `url`. */
export async function openDatabaseProxy(url: string): Promise<DatabaseProxy> {
  let fault: 'none' | 'refuse' | 'swallow' | 'lose commit' = 'none'
  let count = 0
  const sockets = new Set<Socket>()
  const target = new URL(url)

  const server = createServer(client => {
    count += 1
    if (fault === 'refuse') {
      client.resetAndDestroy()
      return
    }
    const database = connect(Number(target.port), target.hostname)
    let isLosing = false
    for (const socket of [client, database]) {
      sockets.add(socket.on('error', () => undefined))
      socket.on('close', () => [client, database].forEach(one => one.destroy()))
    }
    client.on('data', data => {
      if (fault === 'swallow') return
      if (fault === 'lose commit' && data.includes('commit')) isLosing = true
      database.write(data)
    })
    database.on('data', data => {
      if (isLosing) {
        fault = 'none'
        client.resetAndDestroy()
      } else if (fault !== 'swallow') client.write(data)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxied = new URL(url)
  proxied.port = String((server.address() as AddressInfo).port)
  return {
    url: proxied.href,
    count: () => count,
    now: next => {
      fault = next
      if (next === 'refuse') for (const socket of sockets) socket.destroy()
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
