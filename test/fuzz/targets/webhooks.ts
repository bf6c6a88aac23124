import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { webhooks } from '../../../src/webhooks/index.ts'
import { assertServed, type FuzzServer, openFuzzServer } from '../fuzz-server.ts'
import { mutated, odd } from '../mutations.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'
import { bodyOf, headerText, queryOf } from './requests.ts'
import { type FuzzDialect, fuzzDialects } from './webhook-dialects.ts'

const methods = ['POST', 'PUT', 'GET', 'HEAD', 'DELETE', 'PATCH'] as const
const served = new Set([200, 202, 400, 401, 404, 405, 409])
const inJson = new Set(['gotify', 'uptime-kuma'])

/**
 * Every webhook, by each of its addresses, for a set of which nothing else is known: the statuses and bodies of the manual, no good backup
 * of what tells none, and the report can be read.
 */
export const webhookTargets: readonly FuzzTarget[] = webhooks.map(({ name }) => {
  const dialect = fuzzDialects[name]
  if (!dialect) throw new Error(`fuzzDialects lacks the webhook ${name}.`)
  return defineTarget(`webhook ${name}`, requestsOf(name, dialect), async () => {
    const server = await openFuzzServer()
    return { check: request => checkDelivery(server, name, dialect, request), close: server.close }
  })
})

type FuzzRequest = ReturnType<typeof requestsOf> extends fc.Arbitrary<infer Request> ? Request : never

function requestsOf(name: string, { native, rests, query, headers, types, bodies }: FuzzDialect) {
  const usual = [{ path: `/hooks/${name}/{id}` }, { path: `/hooks/${name}/{key}/{slug}` }]
  const headerValues = Object.entries(headers).map(([header, values]) =>
    fc.tuple(fc.constant(header), fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...values) }, headerText)),
  )
  return fc.record({
    address: fc.constantFrom<FuzzDialect['native'][number]>(...usual, ...usual, ...native),
    rest: fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...rests) }, { weight: 1, arbitrary: odd }),
    method: fc.oneof({ weight: 12, arbitrary: fc.constant('POST' as const) }, fc.constantFrom(...methods)),
    query: queryOf({ create: ['1'], ...query }),
    headers: fc.tuple(...headerValues).map(pairs => Object.fromEntries(pairs)),
    body: bodyOf(mutated(bodies), types),
  })
}

async function checkDelivery(
  server: FuzzServer,
  name: string,
  dialect: FuzzDialect,
  request: FuzzRequest,
): Promise<void> {
  const set = await server.addSet()
  try {
    const fill = (text: string) => fillIn(text, { id: set.pingId, key: server.pingKey, slug: set.slug })
    const { url, rest } = toUrl(fill(request.address.path), request)
    const own = Object.entries(request.address.headers ?? {}).map(([header, value]) => [header, fill(value)])
    const headers = { ...request.body.headers, ...request.headers, ...(Object.fromEntries(own) as object) }
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
    const payload = hasBody ? { payload: request.body.payload } : {}
    const answer = await server.send({ method: request.method, url, headers, ...payload })
    assertServed(answer, served)
    if (request.method !== 'HEAD') checkAnswer(name, dialect, answer)
    const row = (await server.rows()).find(({ backupset_name: of }) => of === set.name)
    const told = { query: new URLSearchParams(url.slice(url.indexOf('?') + 1 || url.length)), rest, headers }
    const text = hasBody ? request.body.text : ''
    if (dialect.isNoSuccess({ ...told, text })) {
      assert.notEqual(row?.['condition_status'], 'COMPLETED', 'what tells no success is green')
    }
  } finally {
    await set.remove()
  }
}

/** What is refused before the dialect is known, such as a path that nobody can read, is answered as everywhere. */
function checkAnswer(
  name: string,
  { accepted }: FuzzDialect,
  { statusCode, body, headers }: { statusCode: number; body: string; headers: Record<string, unknown> },
): void {
  if (statusCode < 300) assert.match(body, accepted)
  else assert(body.trim() !== '', `a refusal (${statusCode}) without a word`)
  const type = String(headers['content-type'])
  if (statusCode < 300 || statusCode === 405) {
    assert(type.startsWith(inJson.has(name) ? 'application/json' : 'text/plain'), `an answer of the type ${type}`)
  }
}

/** The rest goes behind the path, and counts where it came to be. */
function toUrl(address: string, { rest, query }: FuzzRequest): { url: string; rest: string } {
  const [path = '', ownQuery] = address.split('?')
  const isHook = /^\/(?:hooks|p|api\/push)\//.test(path)
  const behind = isHook && rest !== '' ? `/${rest.toWellFormed().split('/').map(encodeURIComponent).join('/')}` : ''
  const both = [ownQuery, query.slice(1)].filter(Boolean).join('&')
  return { url: `${path}${behind}${both === '' ? '' : `?${both}`}`, rest: isHook ? rest : '' }
}

function fillIn(text: string, { id, key, slug }: { id: string; key: string; slug: string }): string {
  const basic = (words: string) => Buffer.from(words).toString('base64')
  return text
    .replace('{basic}', basic(`:${id}`))
    .replace('{basicSlug}', basic(`${slug}:${key}`))
    .replace('{id}', id)
    .replace('{key}', key)
    .replace('{slug}', slug)
}
