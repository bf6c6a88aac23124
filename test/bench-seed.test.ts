import { describe, expect, test } from 'vitest'
import { computerPathOf, type Seed, seedDatabase, usernameOf } from '../bench/support/seed.ts'
import { goodRun, setNameOf } from '../bench/support/fleet.ts'
import { days, hours } from '../src/domain/instant.ts'
import { openStore } from '../src/storage/store.ts'
import { buildTestServer } from './support/a-server.ts'
import { aComputer, aToken } from './support/builders.ts'
import { databaseKinds } from './support/stores.ts'
import { testNow } from './support/tree.ts'

const seed: Seed = {
  accounts: 3,
  computersEach: 2,
  large: { accounts: 1, computersEach: 4 },
  setsEach: 3,
  runsEach: 4,
  newestAt: testNow - hours(1),
  apartMs: days(10),
}
const paths = [0, 1, 2].flatMap(account =>
  Array.from({ length: account === 0 ? 4 : 2 }, (_, computer) => computerPathOf(account, computer)),
)

describe.each(databaseKinds)('%s', (_, make) => {
  test('a fleet that benchmarks write into the tables is reported as if its runs had been recorded', async () => {
    const [seeded, recorded] = [await make(), await make()]
    const known = await seedDatabase(seeded.url, seed)
    const answers: unknown[] = []
    for (const { url } of [seeded, recorded]) {
      const store = await openStore(url)
      const server = await buildTestServer({ store, database: url })
      const token = url === seeded.url ? known.token : await aToken(server)
      if (url === recorded.url) await record(server)
      await store.judge({ now: testNow, catchUpMs: 0 })
      const get = async (path: string) => (await server.get(path, { token })).json<Record<string, unknown>>()
      const below = []
      for (const path of paths) {
        const history = (await get(`${path}/action_history?page_size=50`))['list'] as Record<string, unknown>[]
        below.push((await get(`${path}/reports/backup_status`))['list'], history.map(withoutNames))
      }
      answers.push([below, (await get(`/v1/accounts/${usernameOf(0)}/reports/backup_status`))['list']])
      await server.app.close()
      await store.close()
    }
    expect(answers[0]).toEqual(answers[1])
    expect(JSON.stringify(answers[0]).match(/"Documents"/g)).toHaveLength(8 + 4 * 8 + 4)
    await seeded.remove()
    await recorded.remove()
  })
})

/** Records what the seed writes, run by run. */
async function record(server: Awaited<ReturnType<typeof buildTestServer>>): Promise<void> {
  const token = await aToken(server)
  for (const path of paths) {
    const [username = ''] = path.split('/').slice(3)
    await aComputer(server, { username, name: `computer-${path.slice(-4)}` })
    for (let run = 0; run < seed.runsEach; run += 1) {
      const start = new Date(seed.newestAt - (seed.runsEach - 1 - run) * seed.apartMs).toISOString()
      const list = Array.from({ length: seed.setsEach }, (_, set) => ({
        ...goodRun,
        backupset_name: setNameOf(set),
        local_start: start,
        local_end: start,
      }))
      const answer = await server.post(`${path}/runs`, { list }, { token })
      expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)])
    }
  }
}

/** Numbers and keys of runs are the database's own. */
function withoutNames({ action_id: _id, run_key: _key, ...row }: Record<string, unknown>): object {
  return row
}
