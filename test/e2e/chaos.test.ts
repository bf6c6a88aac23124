import { expect, inject, test } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'
import { makePostgresDatabase } from '../support/stores.ts'

const isWithoutPostgres = inject('postgresUrl') === ''

test.skipIf(isWithoutPostgres)(
  'what two processes acknowledge, record and tell is there once, however often they are killed',
  async () => {
    const { url, remove } = await makePostgresDatabase()
    try {
      expect(await runSmallChaos(url, 2)).toMatchObject({ problems: [], figures: { runs: 400, kills: 2 } })
    } finally {
      await remove()
    }
  },
)

function runSmallChaos(database: string, processes: number) {
  const size = { runs: 400, kills: 1, loadSeconds: 0, pacedRuns: 2 }
  return runChaos({ ...size, database, processes, seed: 1, isHurried: true, tell: () => {} })
}
