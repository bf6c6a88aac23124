import { spawnSync } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import path from 'node:path'
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

/** Builds the dashboard, and starts the one PostgreSQL server that all tests of a lane share: each has a database of its own there. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env['LASTGOOD_TEST_FAST']) {
    project.provide('postgresUrl', '')
    return undefined
  }
  if (project.name === 'SQLite') buildDashboard()
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

/** Builds the dashboard where a file of it is newer than what was built: `npm ci` has built it, too. */
function buildDashboard(): void {
  const root = path.resolve(import.meta.dirname, '../..')
  const sources = globSync(['web/**/*.{ts,tsx,css,html,svg}', 'package-lock.json', 'vite.config.ts'], { cwd: root })
  const [built = 0] = globSync('dist/web/index.html', { cwd: root }).map(modifiedAt)
  if (sources.every(file => modifiedAt(file) < built)) return
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/build-web.ts')], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`The dashboard could not be built: ${stderr}`)

  function modifiedAt(file: string): number {
    return statSync(path.join(root, file)).mtimeMs
  }
}
