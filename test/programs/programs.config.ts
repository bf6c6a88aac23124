import { defineConfig } from 'vitest/config'

/** The check of every adapter with the real programs: `npm run programs`. It is not part of `npm test`. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['**/*.test.ts'],
    maxWorkers: '100%',
    provide: { databaseKind: 'SQLite' },
    globalSetup: ['support/global-setup.ts'],
    // Says which programs were not there.
    reporters: ['verbose'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
