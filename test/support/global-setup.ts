import type { TestProject } from 'vitest/node'
import { laneOfPostgres, startPostgres } from './postgres-server.ts'
import { makeTemplate } from './postgres-template.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests of a lane keep everything in, unless they say themselves (`vitest.config.ts`). */
    databaseKind: 'SQLite' | 'PostgreSQL'
    /** The maintenance database of the tests' PostgreSQL server; empty in the fast run, which leaves it out. */
    postgresUrl: string
  }
}

/** Starts the one PostgreSQL server that all tests of a lane share; each test has a database of its own on it. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env['LASTGOOD_TEST_FAST']) {
    project.provide('postgresUrl', '')
    return undefined
  }
  const server = await startPostgres(project.name === 'PostgreSQL' ? laneOfPostgres : {})
  try {
    await makeTemplate(server.url)
  } catch (error) {
    await server.stop()
    throw error
  }
  project.provide('postgresUrl', server.url)
  return server.stop
}
