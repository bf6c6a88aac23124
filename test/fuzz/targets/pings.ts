import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { mutated, odd } from '../mutations.ts'
import { openFuzzServer } from '../fuzz-server.ts'
import { defineTarget } from '../target.ts'
import { bodyOf, headerText, queryOf, toolOutputs } from './requests.ts'

const rid = '7f3c9a52-1c0d-4d3e-8f21-0a9b8c7d6e5f'
const signals = ['', '/', '/start', '/fail', '/log', '/0', '/1', '/3', '/255', '/256', '/00', '/99999999999999999999']

const input = fc.record({
  signal: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...signals) }, { weight: 1, arbitrary: mutated(signals) }),
  slug: fc.oneof({ weight: 12, arbitrary: fc.constant('documents') }, { weight: 1, arbitrary: odd }),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
  query: queryOf({ rid: [rid], create: ['1', '0'] }),
  agent: headerText,
  body: bodyOf(mutated(toolOutputs), ['text/plain', 'application/x-www-form-urlencoded', 'application/json']),
})

const statuses = new Set([200, 201, 400, 404, 409])

/** Pings of Healthchecks: the statuses of the protocol, and a set of which a failure was told last is never green. */
export const pingTarget = defineTarget('ping', input, async () => {
  const server = await openFuzzServer()
  return {
    async check({ signal, slug, method, query, agent, body }) {
      const url = `/ping/${server.pingKey}/${encodeURIComponent(slug.toWellFormed())}${encodePath(signal)}${query}`
      const headers = { ...body.headers, 'user-agent': agent }
      const sent = method === 'GET' || method === 'HEAD' ? {} : { payload: body.payload }
      const answer = await server.send({ method, url, headers, ...sent })
      assert(statuses.has(answer.statusCode), `answered ${answer.statusCode}: ${answer.body.slice(0, 300)}`)
      const status = /^\/0*([1-9]\d*)$/.exec(signal)?.[1]
      // A failure with a rid is that of the run with that rid, which need not be the newest.
      const isNewest = !new URLSearchParams(query).has('rid')
      const isFailure = isNewest && answer.statusCode === 200 && (signal === '/fail' || status !== undefined)
      const row = (await server.rows()).find(row => row['backupset_name'] === 'Documents')
      if (isFailure && slug === 'documents')
        assert.notEqual(row?.['condition_status'], 'COMPLETED', 'a failure is green')
    },
    close: server.close,
  }
})

function encodePath(text: string): string {
  return text.toWellFormed().split('/').map(encodeURIComponent).join('/')
}
