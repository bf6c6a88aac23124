import { expect, test } from 'vitest'
import { openReportReceiver } from '../support/report-receiver.ts'
import { addComputer, json, lastgood, newDatabase, reportRun, startServer, stop } from '../support/lastgood-server.ts'

test('a channel is told that a set fails and that it is all right again, and shows how it fares', async () => {
  using database = newDatabase()
  const { file } = database
  const key = await addComputer(file)
  await using receiver = await openReportReceiver()
  const url = `${receiver.url}/hooks/secret`
  const added = await json(file, 'channel', 'add', '--name', 'On call', '--account', 'acme', '--webhook', url)
  expect(added).toMatchObject({ id: 1, name: 'On call', to: receiver.url, username: 'acme', waiting: 0 })
  expect(added['secret']).toMatch(/^whsec_[\w+/]{32}$/)
  expect(await json(file, 'channel', 'test', '1')).toEqual({ id: 1, arrived: true })

  await using server = await startServer(file)
  for (const errors of [1, 0]) {
    const messages = receiver.reports.length
    expect((await reportRun(server.url, key, { errors })).status).toBe(201)
    await receiver.received(messages + 1)
  }
  const told = receiver.reports.map(({ body }) => JSON.parse(body.toString()) as { type: string; data: object })
  expect(told.map(({ type }) => type)).toEqual(['test', 'condition.changed', 'condition.changed'])
  expect(told.slice(1).map(({ data }) => data)).toMatchObject([
    { backupset_name: 'Documents', condition_status: 'FAILURE', previous_status: null },
    { backupset_name: 'Documents', condition_status: 'COMPLETED', previous_status: 'FAILURE' },
  ])
  await stop(server)
  expect(await json(file, 'channel', 'list')).toMatchObject([{ id: 1, waiting: 0, given_up: 0, failure: null }])
  expect((await lastgood(file, ['channel', 'list'])).stdout).not.toContain('/hooks/secret')
  expect(await json(file, 'channel', 'retry', '1')).toEqual({ id: 1, retried: 0 })
  expect(await json(file, 'channel', 'remove', '1')).toMatchObject({ id: 1, name: 'On call' })
})

test('a channel that cannot be, or that does not take a test, is refused with why', async () => {
  using database = newDatabase()
  const { file } = database
  await json(file, 'account', 'add', 'acme')
  const add = (...args: string[]) => lastgood(file, ['channel', 'add', '--name', 'On call', ...args])
  expect(await add('--webhook', 'chat.example.net')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The address of a channel must be one such as https://') as string,
  })
  expect(await add()).toMatchObject({ status: 2 })
  await using receiver = await openReportReceiver(response => response.writeHead(500).end())
  await json(file, 'channel', 'add', '--name', 'On call', '--webhook', receiver.url)
  expect(await lastgood(file, ['channel', 'test', '1'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The test did not arrive. It answered 500 Internal Server Error.') as string,
  })
  expect(await lastgood(file, ['channel', 'remove', '7'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('There is no channel 7; lastgood channel list tells their ids.') as string,
  })
})
