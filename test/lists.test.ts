import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { compare } from '../src/reports/report.ts'
import { openSharedServer } from './support/a-server.ts'
import { aComputer, anAccount, aPartner, aToken } from './support/builders.ts'

const { server, close } = await openSharedServer()
afterAll(close)
const token = await aToken(server)

/** A list to which rows are added by name, of which they are removed again, and what its rows are called there. */
type Listed = {
  /** The list itself, new and empty. */
  open: () => Promise<string>
  body: (name: string) => object
  /** What is changed of a row without its name being another one. */
  change: object
  changeAt?: (url: string) => string
  nameOf: (row: Record<string, unknown>) => string
  orders: readonly string[]
}

let count = 0

/** The path of an account of its own, with one computer. */
async function newAccount(): Promise<string> {
  const username = `list${(count += 1)}`
  await aComputer(server, { username })
  return `/v1/accounts/${username}`
}

const lists: Record<string, Listed> = {
  computers: {
    async open() {
      const username = `list${(count += 1)}`
      await anAccount(server, { username })
      return `/v1/accounts/${username}/computers`
    },
    body: name => ({ name }),
    change: { phone: '0100' },
    changeAt: url => `${url}/info`,
    nameOf: row => String(row['name']),
    orders: ['COMPUTER_ID', 'NAME', 'STATUS'],
  },
  'backup sets': {
    open: async () => `${await newAccount()}/computers/0000/backupsets`,
    body: name => ({ name }),
    change: { grace_minutes: 90 },
    nameOf: row => String(row['name']),
    orders: ['NAME', 'PLUGIN', 'ENABLED'],
  },
  'notification addresses': {
    open: async () => `${await newAccount()}/computers/0000/notifications/emails`,
    body: name => ({ email: `${name}@acme.example` }),
    change: { backup_missed: false },
    nameOf: row => String(row['email']).replace('@acme.example', ''),
    orders: ['EMAIL_ID', 'EMAIL'],
  },
  'people of a partner': {
    async open() {
      const username = `list${(count += 1)}`
      await aPartner(server, { username })
      return `/v1/partners/${username}/users`
    },
    // People are called so in the whole installation.
    body: name => ({ username: `${name}.${count}`, role: 'TECH' }),
    change: { role: 'FINANCE' },
    nameOf: row => String(row['username']).replace(/\..*/, ''),
    orders: ['USERNAME', 'NAME', 'ROLE'],
  },
}

type Step = { kind: 'add' | 'change' | 'remove'; at: number }

const aStep = fc.record<Step>({ kind: fc.constantFrom('add', 'add', 'change', 'remove'), at: fc.nat(30) })
const someSteps = fc.array(aStep, { maxLength: 24 })
const aPageSize = fc.integer({ min: 1, max: 50 })

/** Rows by name, each with where it is. */
type Rows = Map<string, string>

/** Takes steps; every row is added under a name of its own, in no order of the alphabet. */
async function take(listed: Listed, url: string, steps: readonly Step[], rows: Rows): Promise<void> {
  for (const { kind, at } of steps) {
    const [name, where] = [...rows][at % Math.max(rows.size, 1)] ?? []
    if (kind === 'add') await add(listed, url, rows)
    else if (name === undefined || where === undefined) continue
    else if (kind === 'change') await send('PUT', listed.changeAt?.(where) ?? where, 204, listed.change)
    else {
      await send('DELETE', where, 204)
      rows.delete(name)
    }
  }
}

/** Adds a row each time, but not for ever: reading must come to an end. */
function addingSome(listed: Listed, url: string, rows: Rows): () => Promise<void> {
  let left = 6
  return async () => {
    if (left > 0) await add(listed, url, rows)
    left -= 1
  }
}

async function add(listed: Listed, url: string, rows: Rows): Promise<void> {
  count += 1
  const name = `${((count * 7919) % 1000).toString(36)}x${count.toString(36)}`
  rows.set(name, await send('POST', url, 201, listed.body(name)))
}

/** Sends a request that must succeed; answers the path in its `Location`. */
async function send(method: 'POST' | 'PUT' | 'DELETE', url: string, status: number, body?: object): Promise<string> {
  const headers = { authorization: `OAuth ${token}` }
  const answer = await server.send({ method, url, headers, ...(body && { payload: body }) })
  expect([answer.statusCode, answer.body]).toEqual([status, answer.body])
  return (answer.headers['location'] ?? '').replace('https://backup.example.net', '')
}

type Page = { count: number; links: { rel: string; href: string }[]; list: Record<string, unknown>[] }

/** The names of all rows as they are read, page after page; `between` happens before each page but the first. */
async function readAll(listed: Listed, url: string, between = async (): Promise<void> => undefined): Promise<string[]> {
  const names: string[] = []
  let next: string | undefined = url
  while (next !== undefined) {
    const answer = await server.get(next.replace('https://backup.example.net', ''), { token })
    const { list, links } = answer.json<Page>()
    names.push(...list.map(listed.nameOf))
    next = links.find(({ rel }) => rel === 'next')?.href
    if (next !== undefined) await between()
  }
  return names
}

const named = Object.entries(lists)

test.each(named)('after any changes every row of the list of %s is on one page, once', async (_, listed) => {
  const anOrder = fc.tuple(fc.constantFrom(...listed.orders), fc.constantFrom('ASC', 'DESC'))
  await fc.assert(
    fc.asyncProperty(someSteps, aPageSize, anOrder, async (steps, size, [by, direction]) => {
      const [url, rows] = [await listed.open(), new Map<string, string>()]
      await take(listed, url, steps, rows)
      const names = await readAll(listed, `${url}?page_size=${size}&order_by=${by}&order_dir=${direction}`)
      expect(names.toSorted(compare)).toEqual([...rows.keys()].toSorted(compare))
    }),
    { numRuns: 12 },
  )
})

test.each(named)('rows that are added meanwhile hide none of the list of %s', async (_, listed) => {
  const anOrder = fc.tuple(fc.constantFrom(...listed.orders), fc.constantFrom('ASC', 'DESC'))
  await fc.assert(
    fc.asyncProperty(someSteps, fc.integer({ min: 1, max: 4 }), anOrder, async (steps, size, [by, direction]) => {
      const [url, rows] = [await listed.open(), new Map<string, string>()]
      await take(listed, url, steps, rows)
      const before = [...rows.keys()]
      const ordered = `${url}?page_size=${size}&order_by=${by}&order_dir=${direction}`
      const names = await readAll(listed, ordered, addingSome(listed, url, rows))
      expect(before.filter(name => !names.includes(name))).toEqual([])
    }),
    { numRuns: 8 },
  )
})

test.each(named.filter(([, { orders }]) => orders[0]?.endsWith('_ID')))(
  'in the order in which they were made the rows of the list of %s come once each, also while some are added',
  async (_, listed) => {
    await fc.assert(
      fc.asyncProperty(someSteps, fc.integer({ min: 1, max: 4 }), async (steps, size) => {
        const [url, rows] = [await listed.open(), new Map<string, string>()]
        await take(listed, url, steps, rows)
        const names = await readAll(listed, `${url}?page_size=${size}`, addingSome(listed, url, rows))
        expect(names).toEqual([...rows.keys()])
      }),
      { numRuns: 8 },
    )
  },
)
