import type { TestProject } from 'vitest/node'
import { json, newDatabase, startServer, stop } from '../../support/lastgood-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the server that all reports go to. */
    serverUrl: string
    /** Its database. */
    serverDatabase: string
  }
}

/** Starts the one server that every program reports to, on the loopback, with the account acme. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const database = newDatabase()
  await json(database.file, 'account', 'add', 'acme')
  const server = await startServer(database.file)
  project.provide('serverUrl', server.url)
  project.provide('serverDatabase', database.file)
  return async () => {
    await stop(server)
    database[Symbol.dispose]()
  }
}
