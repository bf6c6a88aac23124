import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { addAccount } from '../../../src/app/accounts.ts'
import { addApiKey } from '../../../src/app/api-keys.ts'
import { addComputer } from '../../../src/app/computers.ts'
import { addBackupSet } from '../../../src/app/backup-sets.ts'
import { assertServed, openFuzzServer } from '../fuzz-server.ts'
import { mutated, odd } from '../mutations.ts'
import { defineTarget } from '../target.ts'
import { headerText, queryOf } from './requests.ts'

const apis = ['/api/v1', '/api/v2', '/api/v3']
const ofCheck = ['', '/pings/', '/pings/1/body', '/pings/99999999999999999999/body', '/flips/', '/pause', '/resume']
const places = [
  ...apis.flatMap(api => [`${api}/checks/`, `${api}/badges/`, `${api}/channels/`, `${api}/status/`]),
  ...apis.flatMap(api => ofCheck.flatMap(end => [`${api}/checks/{name}${end}`, `${api}/checks/{hidden}${end}`])),
]
const query = queryOf({
  tag: ['acme', '0000', 'nothing'],
  slug: ['documents', 'hidden'],
  seconds: ['0', '3600', '31536001'],
  start: ['0', '1772722800', '10000000001'],
  end: ['1772722800'],
})

/** One place of a text, changed. */
const change = fc.record({ at: fc.nat(1_000), count: fc.nat(3), piece: odd })
type Change = { at: number; count: number; piece: string }

const applyChange = (text: string, { at, count, piece }: Change) =>
  text.slice(0, at % text.length) + piece + text.slice((at % text.length) + count)

/** A server with a set that failed, a key that sees its account, and another account, of which that key sees nothing. */
async function openWatched() {
  const server = await openFuzzServer()
  const { context, computer } = server
  const { store } = context
  const now = context.clock()
  const other = { username: 'other', timeZone: 'UTC', partner: 'root', acceptsNewSets: true }
  await addAccount(store, other, now)
  const elsewhere = await addComputer(store, { username: 'other', name: 'Hidden computer' }, now)
  await addBackupSet(store, elsewhere.computer, { name: 'Hidden' }, now)
  const { id: partnerId = 0 } = (await store.findPartner('root')) ?? {}
  const seen = { partnerId, accountId: computer.accountId, computerKey: null }
  const all = { partnerId, accountId: null, computerKey: null }
  const [key, master] = await Promise.all([seen, all].map(place => addApiKey(store, { name: 'Wall', place }, now)))
  const apiKey = key?.secret ?? ''
  await server.send({ method: 'POST', url: `/ping/${server.pingKey}/documents/fail`, payload: 'disk full' })
  const list = async (path: string, secret: string) => {
    const answer = await server.send({ method: 'GET', url: `/api/v3/${path}/`, headers: { 'x-api-key': secret } })
    return answer.json<{ checks: Check[]; badges: Record<string, Record<string, string>> }>()
  }
  const { checks } = await list('checks', master?.secret ?? '')
  const keyOf = (slug: string) => checks.find(check => check.slug === slug)?.unique_key ?? ''
  return {
    server,
    apiKey,
    names: { name: keyOf('documents'), hidden: keyOf('hidden') },
    badges: badgesIn(await list('checks', apiKey), await list('badges', apiKey)),
  }
}

type Check = { slug: string; unique_key: string; badge_url: string }

/** The paths of all badges that were handed out, with those that follow from them by the manual. */
function badgesIn(
  { checks }: { checks: Check[] },
  { badges }: { badges: Record<string, Record<string, string>> },
): string[] {
  const ofChecks = checks.flatMap(({ badge_url: url }) =>
    ['svg', 'json', 'shields'].flatMap(form =>
      ['/b/2/', '/b/3/'].map(start => url.replace('/b/2/', start).replace(/svg$/, form)),
    ),
  )
  return [...ofChecks, ...Object.values(badges).flatMap(forms => Object.values(forms))].map(
    url => new URL(url).pathname,
  )
}

const keyHeader = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Change | string | null>(null) },
  { weight: 2, arbitrary: change },
  { weight: 1, arbitrary: headerText },
)

/** What is read with an API key: by no other, nothing of others, and the key opens nothing else. */
export const checkTarget = defineTarget(
  'check',
  fc.record({
    path: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...places) }, { weight: 2, arbitrary: mutated(places) }),
    query,
    key: keyHeader,
    method: fc.oneof(
      { weight: 12, arbitrary: fc.constant('GET' as const) },
      fc.constantFrom(...(['POST', 'DELETE'] as const)),
    ),
    isBearer: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true)),
  }),
  async () => {
    const { server, apiKey, names } = await openWatched()
    return {
      async check({ path, query, key, method, isBearer }) {
        const filled = path.replace('{name}', names.name).replace('{hidden}', names.hidden)
        const secret = keyFrom(apiKey, key)
        const headers = isBearer ? { authorization: `Bearer ${secret}` } : { 'x-api-key': secret }
        const url = isBearer ? `${server.url}/reports/backup_status` : toPath(filled) + query
        const answer = await server.send({ method, url, headers })
        assertServed(answer)
        assert(!/hidden/i.test(answer.body), 'something of another account was told')
        if (!answer.body.includes('"checks"') && !answer.body.includes('"pings"')) return
        assert(secret.trim() === apiKey && !isBearer, `read with the key ${JSON.stringify(secret)}`)
      },
      close: server.close,
    }
  },
)

function keyFrom(apiKey: string, key: Change | string | null): string {
  const text = typeof key === 'string' ? key : key === null ? apiKey : applyChange(apiKey, key)
  return text.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, 2_000)
}

function toPath(text: string): string {
  const path = text.toWellFormed().split('/').map(encodeURIComponent).join('/')
  return `/${path.replace(/^\/+/, '')}`
}

/** Badges: what was handed out is drawn, whatever stands beside it is no badge, and what failed is never called up. */
export const badgeTarget = defineTarget(
  'badge',
  fc.record({ which: fc.nat(1_000), change: fc.option(change, { freq: 8 }), query }),
  async () => {
    const { server, badges } = await openWatched()
    return {
      async check({ which, change, query }) {
        const real = decodeURIComponent(badges[which % badges.length] ?? '')
        const url = toPath(change ? applyChange(real, change) : real)
        const answer = await server.send({ method: 'GET', url: url + query })
        assertServed(answer)
        const isReal = badges.some(badge => decodeURIComponent(badge) === decodeURIComponent(url).replace(/\/$/, ''))
        if (isReal) assertDown(answer)
        else assert(!isBadge(answer.body), `${url} is a badge`)
      },
      close: server.close,
    }
  },
)

const isBadge = (body: string) => body.startsWith('<svg') || /"status"|"schemaVersion"/.test(body)

function assertDown({ statusCode, body }: { statusCode: number; body: string }): void {
  assert.equal(statusCode, 200, 'a badge that was handed out is not there')
  assert.match(body, /(?:: |"(?:status|message)":")down\b/)
}
