import { expect, inject, test } from 'vitest'
import { addComputer, json, reportRun, startServer } from '../support/lastgood-server.ts'
import { makePostgresDatabase } from '../support/stores.ts'

const isWithoutPostgres = inject('postgresUrl') === ''

test.skipIf(isWithoutPostgres)('processes that start at once on an empty database make one first client', async () => {
  const { url, remove } = await makePostgresDatabase()
  const servers = await Promise.all(Array.from({ length: 4 }, () => startServer(url)))
  try {
    expect(servers.filter(({ greeting }) => greeting.includes('client_id'))).toHaveLength(1)
    const ready = await Promise.all(servers.map(async one => (await fetch(`${one.url}/readyz`)).status))
    expect(ready).toEqual([200, 200, 200, 200])
  } finally {
    await Promise.all(servers.map(server => server[Symbol.asyncDispose]()))
    await remove()
  }
})

test.skipIf(isWithoutPostgres)('what is revoked is refused by another process at the next request', async () => {
  const { url, remove } = await makePostgresDatabase()
  const servers = await Promise.all([startServer(url), startServer(url)])
  try {
    const key = await addComputer(url)
    const statuses = (secret: string) =>
      Promise.all(servers.map(async server => (await reportRun(server.url, secret)).status))
    expect((await statuses(key)).every(status => status < 300)).toBe(true)
    const { agent_key: renewed = '' } = await json(url, 'computer', 'update', 'acme', '0000', '--new-key')
    expect(await statuses(key)).toEqual([401, 401])
    expect((await statuses(renewed)).every(status => status < 300)).toBe(true)
    await json(url, 'computer', 'remove', 'acme', '0000')
    expect(await statuses(renewed)).toEqual([401, 401])
  } finally {
    await Promise.all(servers.map(server => server[Symbol.asyncDispose]()))
    await remove()
  }
})
