import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the tests' PostgreSQL server; empty in the fast run, which leaves it out. */
    postgresUrl: string
  }
}

/** Starts the one PostgreSQL server that all tests share; each test makes a database of its own on it. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env['LASTGOOD_TEST_FAST']) {
    project.provide('postgresUrl', '')
    return undefined
  }
  const server = await startPostgres()
  project.provide('postgresUrl', server.url)
  return server.stop
}
