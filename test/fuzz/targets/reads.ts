import * as fc from 'fast-check'
import { mutated, odd } from '../mutations.ts'
import { assertServed, openFuzzServer } from '../fuzz-server.ts'
import { defineTarget } from '../target.ts'
import { bodyOf, headerText, queryOf } from './requests.ts'

const dates = ['2026-03-01', '2026-03-05T09:00:00-05:00', '2025-11-02T01:30:00', '2026-03-08T02:30:00']
const queries = {
  report: queryOf({
    condition_status: ['COMPLETED', 'FAILURE,WARNING', 'running'],
    order_by: ['USERNAME', 'BACKUPSET_NAME'],
    order_dir: ['ASC', 'desc'],
    page: ['1', '0'],
    page_size: ['10'],
  }),
  preview: queryOf({
    schedule: [
      'cron 0 23 * * *',
      'calendar Mon..Fri *-*-* 23:00 Europe/Berlin',
      'every 6h',
      'manual',
      'cron 0 0 L * 1#2',
    ],
    time_zone: ['Europe/Berlin', 'UTC', 'Australia/Lord_Howe'],
    from: dates,
    count: ['1', '10', '1000'],
  }),
  changes: queryOf({ since: dates, until: dates, from: dates, to: dates, status: ['FAILURE'], page_size: ['1000'] }),
}
const ofSet = '/backupsets/Documents'

const input = fc.record({
  place: fc.oneof(
    fc.tuple(fc.constantFrom('{c}/reports/backup_status'), queries.report),
    fc.tuple(fc.constant('/v1/general/schedule_preview'), queries.preview),
    fc.tuple(fc.constantFrom(`{c}${ofSet}/condition_changes`, `{c}${ofSet}/explain`, '{c}/runs/1'), queries.changes),
    fc.tuple(
      mutated(['{c}/runs/1/log', `{c}${ofSet}/explain`, '{c}/reports', '/v1/accounts/acme', '/healthz']),
      queries.report,
    ),
  ),
  accept: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('application/json', 'application/xml', '*/*', 'text/csv, */*;q=0.1') },
    { weight: 1, arbitrary: headerText },
  ),
  authorization: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: headerText }),
})

/** Everything that is read: reports, explanations, histories, previews. */
export const readTarget = defineTarget('read', input, async () => {
  const server = await openFuzzServer()
  await server.send({
    method: 'POST',
    url: `${server.url}/runs?backupset=Documents&exit_status=0`,
    payload: 'done',
    headers: { ...server.authorized, 'content-type': 'text/plain' },
  })
  return {
    async check({ place: [path, query], accept, authorization }) {
      const url = path
        .replace('{c}', server.url)
        .toWellFormed()
        .split('/')
        .map(part => encodeURIComponent(part))
        .join('/')
      const headers = { ...server.authorized, accept, ...(authorization !== null && { authorization }) }
      assertServed(await server.send({ method: 'GET', url: `/${url.replace(/^\/+/, '')}${query}`, headers }))
    },
    close: server.close,
  }
})

const signs = bodyOf(mutated(['', '{}', 'I am here']), ['application/json', 'text/plain'])

/** Heartbeats, and the requests for backtests, whose body is an object. */
export const heartbeatTarget = defineTarget('heartbeat', fc.tuple(queryOf({ a: ['1'] }), signs), async () => {
  const server = await openFuzzServer()
  return {
    async check([query, { payload, headers }]) {
      const request = { method: 'POST' as const, payload, headers: { ...headers, ...server.authorized } }
      assertServed(await server.send({ ...request, url: `/v1/heartbeat${query}` }))
    },
    close: server.close,
  }
})

const proposals = [
  '{"days":30,"schedule":"cron 0 23 * * *","time_zone":"Europe/Berlin","grace_minutes":60,"run_limit_minutes":600}',
  '{"days":366,"schedule":"every 6h","policy":{"MISSED":"WARNING","ERRORS":"FAILURE"}}',
  '{}',
]

/** Backtests of a set: any proposal is answered or refused. */
export const backtestTarget = defineTarget('backtest', bodyOf(mutated(proposals), ['application/json']), async () => {
  const server = await openFuzzServer()
  return {
    async check({ payload, headers }) {
      const request = { method: 'POST' as const, payload, headers: { ...headers, ...server.authorized } }
      assertServed(await server.send({ ...request, url: `${server.url}${ofSet}/backtest` }))
    },
    close: server.close,
  }
})

const grants = ['none', 'client_credentials', 'password']

/** The form of tokens, with an id and a secret that are right now and then. */
export const tokenTarget = defineTarget(
  'token',
  fc.record({
    form: queryOf({
      client_id: ['{id}'],
      client_secret: ['{secret}'],
      grant_type: grants,
      scope: ['', 'computers_read', 'computers_read computers_write', 'a%2Bb'],
    }),
    body: bodyOf(odd, ['application/x-www-form-urlencoded', 'application/json']),
    isForm: fc.boolean(),
    basic: fc.oneof(fc.constant(null), headerText),
  }),
  async () => {
    const server = await openFuzzServer()
    return {
      async check({ form, body, isForm, basic }) {
        const filled = form
          .slice(1)
          .replaceAll('%7Bid%7D', server.clientId)
          .replaceAll('%7Bsecret%7D', server.clientSecret)
        const headers = { ...body.headers, ...(basic !== null && { authorization: `Basic ${basic}` }) }
        const payload = isForm ? Buffer.from(filled) : body.payload
        assertServed(await server.send({ method: 'POST', url: '/oauth2/token', payload, headers }))
      },
      close: server.close,
    }
  },
)
