import { expect, test } from 'vitest'
import { createClient, type Fetch } from '../../src/client/client.ts'
import { minutes } from '../../src/domain/instant.ts'
import { aClientOf, rejection } from '../support/a-client.ts'
import { aServer } from '../support/a-server.ts'
import { aComputer, aReport } from '../support/builders.ts'
import { testNow } from '../support/tree.ts'

const changes = 52

/** A set whose condition has changed more often than a page has rows, and what was asked of the server. */
async function aRestlessSet(format: 'json' | 'xml') {
  const server = await aServer()
  const { username, computerId: computer_id } = await aComputer(server)
  const urls: string[] = []
  const noting: Fetch = (url, request) => {
    urls.push(url)
    return fetch(url, request)
  }
  const client = await aClientOf(server, { format, fetch: noting })
  for (let index = 0; index < changes; index += 1) {
    server.now = testNow + minutes(index)
    const now = new Date(server.now).toISOString()
    const body = aReport({ local_start: now, local_end: now, errors: index % 2 })
    await client.recordRun({ username, computer_id, body })
    await server.store.judge({ now: server.now, catchUpMs: 0 })
  }
  urls.length = 0
  return { client, urls, set: { username, computer_id, name: 'Documents' } }
}

test.each(['json', 'xml'] as const)('a list in %s is read row by row, each once, page after page', async format => {
  const { client, urls, set } = await aRestlessSet(format)
  const rows = await Array.fromAsync(client.listConditionChanges.all({ ...set, page_size: 9 }))
  expect(rows.map(({ action_id }) => action_id)).toEqual(Array.from({ length: changes }, (_, index) => changes - index))
  expect(urls).toHaveLength(6)
  // The pages are as large as there are when nobody says otherwise.
  expect(await Array.fromAsync(client.listConditionChanges.all(set))).toEqual(rows)
  expect(urls).toHaveLength(8)
  for await (const row of client.listConditionChanges.all({ ...set, page: 6, page_size: 9 })) {
    expect(row).toEqual(rows[45])
    break
  }
  expect(urls).toHaveLength(9)
})

test('a report of one page is read like any list', async () => {
  const server = await aServer()
  const { username, computerId: computer_id } = await aComputer(server)
  const client = await aClientOf(server)
  for (const backupset_name of ['One', 'Two']) {
    await client.recordRun({ username, computer_id, body: aReport({ backupset_name }) })
  }
  const rows = await Array.fromAsync(client.getBackupStatus.all({ username, computer_id }))
  expect(rows.map(({ backupset_name }) => backupset_name)).toEqual(['One', 'Two'])
})

/** A client of a server that answers these pages, whatever it is asked; it notes what it is asked. */
function aClientOfPages(pages: { list: object[]; next?: string }[]) {
  const urls: string[] = []
  const answering: Fetch = url => {
    const { list = [], next } = pages[Math.min(urls.push(url), pages.length) - 1] ?? {}
    const links = next === undefined ? [] : [{ rel: 'next', href: next }]
    return Promise.resolve(Response.json({ page: 1, page_size: 1, count: 9, links, list }))
  }
  const client = createClient({ url: 'https://here.example/api', credentials: { token: 'x' }, fetch: answering })
  const rows = client.listConditionChanges.all({ username: 'a', computer_id: '0', name: 'n', page_size: 1 })
  return { urls, rows }
}

test('a link to another place is followed at the address that the client was given', async () => {
  const { urls, rows } = aClientOfPages([
    { list: [{}], next: 'https://elsewhere.example/x?page_size=1&page=2' },
    { list: [{}] },
  ])
  expect(await Array.fromAsync(rows)).toHaveLength(2)
  const path = 'https://here.example/api/v1/accounts/a/computers/0/backupsets/n/condition_changes'
  expect(urls).toEqual([`${path}?page_size=1`, `${path}?page_size=1&page=2`])
})

test('a page that is linked again ends the reading', async () => {
  const { urls, rows } = aClientOfPages([{ list: [{}], next: 'https://here.example/x?page=2' }])
  expect(await rejection(Array.fromAsync(rows))).toMatchObject({ error: 'unexpected_answer' })
  expect(urls).toHaveLength(2)
})
