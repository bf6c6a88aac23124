import { type ServerProcess, startServer } from '../support/server-process.ts'

/** Server processes on one database which are killed and started again. */
export type MortalServers = {
  count: number
  /** The addresses of those that take requests now. */
  urls: () => string[]
  /** When each of them was killed. */
  kills: number[]
  isUp: (index: number) => boolean
  /** Ends one in the middle of whatever it does and starts another in its place; resolves when that one listens. */
  kill: (index: number) => Promise<void>
  /** Ends all in good order. */
  stop: () => Promise<void>
}

/** Starts so many servers on a database. */
export async function startMortalServers(database: string, count: number): Promise<MortalServers> {
  const servers: (ServerProcess | undefined)[] = await Promise.all(
    Array.from({ length: count }, () => startServer(database)),
  )
  const kills: number[] = []
  return {
    count,
    kills,
    urls: () => servers.flatMap(server => server?.url ?? []),
    isUp: index => servers[index] !== undefined,
    async kill(index) {
      const server = servers[index]
      if (!server) throw new Error(`Server ${index} is not up.`)
      servers[index] = undefined
      kills.push(Date.now())
      await server.kill()
      servers[index] = await startServer(database)
    },
    stop: async () => {
      await Promise.all(servers.map(async server => server?.[Symbol.asyncDispose]()))
    },
  }
}
