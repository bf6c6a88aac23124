import { defineConfig } from 'vitest/config'

const isFast = Boolean(process.env['LASTGOOD_TEST_FAST'])

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/programs/**', ...(isFast ? ['test/e2e/**'] : [])],
    // Two cores are usual, and the rule of leaving one of them alone would leave half of them alone.
    maxWorkers: '100%',
    globalSetup: ['test/support/global-setup.ts'],
    // Real databases and child processes on a machine that may be busy with other things.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
