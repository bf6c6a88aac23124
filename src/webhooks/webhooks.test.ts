import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import { derivePingEnd } from '../domain/ping-end.ts'
import { parseDuration } from './hook-text.ts'
import { webhooks } from './index.ts'
import { parseMetrics } from './metrics-text.ts'
import { readNamedSet } from './named-set.ts'
import type { Delivery, HookRequest, Webhook } from './webhook.ts'

const aRequest = (given: Partial<HookRequest> = {}): HookRequest => ({
  method: 'POST',
  path: '/hooks/x/y',
  rest: '',
  query: new URLSearchParams(),
  headers: {},
  body: '',
  ...given,
})

const uuid = '5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f'
const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8')

/** Whether a delivery says of itself that a backup went well. What an adapter says is tested where it is read. */
function isGreen(delivery: Delivery): boolean {
  if (delivery.kind === 'nothing' || delivery.kind === 'output') return false
  if (delivery.kind === 'run') {
    const { type, state, errors, warnings } = delivery.reading
    return type === 'backup' && state === 'finished' && errors === 0 && warnings === 0
  }
  if (delivery.signal !== 'success') return false
  const told = { kind: delivery.signal, exitStatus: delivery.exitStatus, body: '' }
  const { type, state, errors, warnings } = derivePingEnd(told, delivery.reading)
  return type === 'backup' && state === 'finished' && errors === 0 && warnings === 0
}

function readOrNull(webhook: Webhook, request: HookRequest): Delivery | null {
  try {
    return webhook.read(request)
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

describe('every webhook', () => {
  const named = webhooks.map(webhook => [webhook.name, webhook] as const)

  test('has a name of its own that an address can have', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(webhooks.length)
    for (const [name] of named) expect(name).toMatch(/^[a-z-]{1,20}$/)
  })

  test.each(named)('%s is in the manual, with its address', (name, { native }) => {
    expect(page).toContain(`/hooks/${name}/`)
    for (const route of native?.routes ?? []) expect(page).toContain(route.replace(/[:*@].*$/, ''))
  })

  test.each(named)('%s says nothing good of an empty request, unless silence is its success', (name, webhook) => {
    const delivery = readOrNull(webhook, aRequest())
    expect([name, delivery !== null && isGreen(delivery)]).toEqual([name, ['uptime-kuma', 'cronitor'].includes(name)])
  })

  test.each(named)('%s throws nothing but invalid, whatever is sent', (_, webhook) => {
    fc.assert(
      fc.property(anyRequest, request => {
        readOrNull(webhook, request)
        webhook.native?.name(request)
        webhook.reply({ kind: 'accepted', number: 1, at: 0, request })
      }),
      { numRuns: 500 },
    )
  })

  test.each(named)('%s never makes a success of what tells a failure', (_, webhook) => {
    fc.assert(
      fc.property(anyFailure, anyRequest, (failure, request) => {
        const told = aRequest({ ...request, ...failure })
        const delivery = readOrNull(webhook, told)
        if (delivery !== null && isOf(webhook, failure)) expect(isGreen(delivery)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  test.each(named)('%s reads megabytes in little time', (_, webhook) => {
    const pieces = ['{', '{"a":', '[', '"', '\\', '\n', ' ', '=', '%', '\nFinished:', 'resticprofile_backup_status 2\n']
    for (const piece of [...pieces, 'Task: a at ', ': backup failed: ', 'Total running time: ', 'a{b="', ',', '\0']) {
      const start = performance.now()
      readOrNull(webhook, aRequest({ rest: restOf(webhook), body: piece.repeat(Math.ceil(1_000_000 / piece.length)) }))
      expect(performance.now() - start, JSON.stringify(piece)).toBeLessThan(2_000)
    }
  })

  test.each(named)('%s takes names that every object has as text', (_, webhook) => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const body = JSON.stringify({ [name]: { event: 'snapshot success' }, status: name, title: name, message: name })
      const delivery = readOrNull(
        webhook,
        aRequest({ body, query: new URLSearchParams({ status: name, state: name }) }),
      )
      expect(delivery !== null && isGreen(delivery)).toBe(false)
    }
  })
})

/** What tells a failure in each dialect. */
const failures: Readonly<Record<string, readonly Partial<HookRequest>[]>> = {
  'uptime-kuma': [{ query: new URLSearchParams('status=down&msg=up') }],
  gatus: [{ query: new URLSearchParams('success=false') }],
  cronitor: [
    { query: new URLSearchParams('state=fail') },
    { query: new URLSearchParams('state=complete&status_code=2') },
    { query: new URLSearchParams('state=complete&status_code=x') },
    { query: new URLSearchParams('state=complete&metric=count:3&metric=error_count:2') },
    { rest: 'fail' },
    { rest: 'complete', query: new URLSearchParams('state=fail') },
  ],
  sentry: [{ query: new URLSearchParams('status=error') }, { body: '{"status":"error"}' }],
  backrest: [
    { rest: 'fail' },
    { body: '{"event":"snapshot error","error":"x"}' },
    { body: '{"event":"snapshot end","error":"x","snapshot_id":"1"}' },
    { body: '{"event":"snapshot success","error":"partial backup, 1 files"}' },
  ],
  proxmox: [
    { body: '{"title":"Sync remote x failed","severity":"info","fields":{"type":"sync"}}' },
    { body: '{"title":"x","severity":"error","fields":{"type":"sync"}}' },
  ],
  gotify: [{ body: '{"message":"x","title":"Backup failed"}' }],
  pushgateway: [
    { rest: 'metrics/job/a', body: 'resticprofile_backup_status 0\nresticprofile_backup_status{a="b"} 2\n' },
  ],
}
const anyFailure = fc.constantFrom(...Object.values(failures).flat())
const isOf = ({ name }: Webhook, failure: Partial<HookRequest>) => failures[name]?.includes(failure) ?? false
const restOf = ({ name }: Webhook) => (name === 'pushgateway' ? 'metrics/job/a' : '')

const words = ['status', 'state', 'success', 'up', 'ok', 'complete', 'true', 'msg', 'ping', 'token', 'metric', 'series']
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(...words, 'error_count:-1', '1e999', 'NaN', '../..', '%00', uuid),
)
const anyMember = fc.oneof(fc.jsonValue({ maxDepth: 3 }), anyText)
const members = ['event', 'title', 'message', 'severity', 'timestamp', 'fields', 'Data', 'Extra', 'stats', 'embeds']
const anyObject = fc.dictionary(fc.constantFrom(...members, 'content', 'status', '__proto__'), anyMember)
const anyBody = fc.oneof(
  anyText,
  anyObject.map(object => JSON.stringify(object)),
  fc.array(anyText, { maxLength: 5 }).map(lines => lines.join('\n')),
  fc.array(fc.tuple(anyText, anyText), { maxLength: 5 }).map(pairs => String(new URLSearchParams(pairs))),
  fc.float().map(value => `resticprofile_backup_status{profile="a"} ${value}\n`),
)
const anyRequest: fc.Arbitrary<HookRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD'),
  path: fc.oneof(anyText, fc.constantFrom(`/api/push/${uuid}`, '/p/a/b', '/metrics/job/x', '/message')),
  rest: fc.oneof(anyText, fc.constantFrom('', 'start', 'fail', 'log', 'run', 'metrics/job/a')),
  query: fc.array(fc.tuple(anyText, anyText), { maxLength: 4 }).map(pairs => new URLSearchParams(pairs)),
  headers: fc.dictionary(fc.constantFrom('authorization', 'subject', 'x-gotify-key', 'content-type'), anyText),
  body: anyBody,
})

describe('names of sets', () => {
  test.each([
    [uuid, { form: 'id', pingId: uuid }, ''],
    [`${uuid}/`, { form: 'id', pingId: uuid }, ''],
    [`${uuid}/metrics/job/a`, { form: 'id', pingId: uuid }, 'metrics/job/a'],
    ['key/documents', { form: 'slug', pingKey: 'key', slug: 'documents' }, ''],
    ['key/documents/start', { form: 'slug', pingKey: 'key', slug: 'documents' }, 'start'],
  ])('%s', (path, named, rest) => expect(readNamedSet(path)).toEqual({ named, rest }))

  test.each(['', '/', 'key', 'key/Documents', uuid.toUpperCase(), `key/${'a'.repeat(101)}`, 'k y/documents'])(
    '%j names none',
    path => expect(readNamedSet(path)).toBeNull(),
  )
})

test.each([
  ['10s', 10_000],
  ['1h2m3.5s', 3_723_500],
  ['1m 59s', 119_000],
  ['150ms', 150],
  ['', null],
  ['10', null],
  ['-5s', null],
  ['9999999h', null],
  ['1s'.repeat(40), null],
])('the duration %j', (text, ms) => expect(parseDuration(text)).toBe(ms))

describe('metrics', () => {
  test('are read with their labels and values', () => {
    const text = '# HELP a b\n# TYPE a gauge\na{p="x}\\"y",} 1.5e+03 1700000000\n\nb -Inf\r\nc NaN\n'
    expect(parseMetrics(text)).toEqual([
      { name: 'a', labels: 'p="x}\\"y"', value: 1_500 },
      { name: 'b', labels: '', value: -Infinity },
      { name: 'c', labels: '', value: Number.NaN },
    ])
  })

  test.each(['a', 'a{', 'a{b="c} 1', '{} 1', '<html>', `a ${'1'.repeat(20_000)}`])('%j is none', text =>
    expect(() => parseMetrics(`ok 1\n${text}\n`)).toThrow('Line 2 of the body is not a metric in the text format.'),
  )
})
