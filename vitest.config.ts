import { defineConfig } from 'vitest/config'

const isFast = Boolean(process.env['LASTGOOD_TEST_FAST'])
const exclude = ['**/node_modules/**', 'test/programs/**', ...(isFast ? ['test/e2e/**'] : [])]

/**
 * Everything runs on SQLite, the contract of the store on both databases by itself. Every route, the conformance of pings
 * and the recovery from whatever befalls a server run once more on PostgreSQL, which the fast run leaves out.
 */
const onSqlite = {
  extends: true as const,
  test: {
    name: 'SQLite',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude,
    globalSetup: ['test/support/global-setup.ts'],
    provide: { databaseKind: 'SQLite' as const },
  },
}
const onPostgres = {
  extends: true as const,
  test: {
    name: 'PostgreSQL',
    include: [
      'src/http/{raw-report.test.ts,{routes,rate-limits}/**/*.test.ts}',
      'test/{description,golden}/**/*.test.ts',
      'test/lists.test.ts',
      'test/e2e/{conformance,downtime,durability,nothing-is-lost}.test.ts',
    ],
    exclude,
    globalSetup: ['test/support/global-setup.ts'],
    provide: { databaseKind: 'PostgreSQL' as const },
  },
}

export default defineConfig({
  test: {
    projects: isFast ? [onSqlite] : [onSqlite, onPostgres],
    // Two cores are usual, and the rule of leaving one of them alone would leave half of them alone.
    maxWorkers: '100%',
    // Real databases and child processes on a machine that may be busy with other things.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
