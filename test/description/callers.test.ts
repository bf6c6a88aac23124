import type { LightMyRequestResponse } from 'fastify'
import { Compile } from 'typebox/compile'
import { afterAll, expect, test } from 'vitest'
import { scopes as allScopes } from '../../src/domain/principal.ts'
import { ErrorAnswer } from '../../src/wire/error.ts'
import { aToken } from '../support/builders.ts'
import { openDescribedServer, pathOf, placeOf } from './a-tree.ts'
import { buildAsk } from './ask.ts'
import { described } from './described.ts'

const { server, aTree, close } = await openDescribedServer()
afterAll(close)
// What is refused changes nothing, so that these two serve all.
const [tree, foreign] = [await aTree(), await aTree()]
const errorAnswer = Compile(ErrorAnswer)

test.each(described)('401: %s without a token, and with one that nobody has given', async (_, operation) => {
  const ask = await buildAsk(server, operation, tree)
  for (const token of [null, 'x'.repeat(43)]) {
    const answer = await ask({ token })
    expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
      401,
      'OAuth realm="Lastgood", error="invalid_token"',
    ])
    expect(errorAnswer.Check(answer.json())).toBe(true)
  }
})

const reading = described.filter(([, { operation }]) => operation.method === 'GET')

test.each(reading)('%s answers HEAD to nobody else either', async (_, operation) => {
  const answer = await server.send({ method: 'HEAD', url: await pathOf(server, operation, tree) })
  expect([answer.statusCode, answer.body]).toEqual([401, ''])
})

const scoped = described.filter(([, { operation }]) => operation.scope !== 'any')

test.each(scoped)('403: %s with every scope but its own', async (_, operation) => {
  const scopes = allScopes.filter(scope => scope !== operation.operation.scope)
  const token = await aToken(server, { scopes, place: placeOf(operation, tree) })
  const answer = await (await buildAsk(server, operation, tree))({ token })
  expect([answer.statusCode, answer.headers['www-authenticate'], errorAnswer.Check(answer.json())]).toEqual([
    403,
    'OAuth realm="Lastgood", error="insufficient_scope"',
    true,
  ])
})

const naming = described.filter(([, { operation }]) => operation.path.includes(':'))

test.each(naming)('404: %s with a token of a foreign tree', async (_, operation) => {
  const ask = await buildAsk(server, operation, tree)
  for (const place of [foreign.partner, foreign.account, foreign.computer]) {
    const answer = await ask({ token: await aToken(server, { place }) })
    expect([answer.statusCode, errorAnswer.Check(answer.json())]).toEqual([404, true])
  }
})

test.each(naming)('404: %s is the same of what is foreign and of what is missing', async (_, operation) => {
  const token = await aToken(server, { place: foreign.computer })
  const ask = await buildAsk(server, operation, tree)
  // As long as those that there are, so that the names alone differ.
  const toMissing = (path: string) => path.replace(/(?:partner|account)(?=\d)/, 'missing')
  const [there, missing] = [await ask({ token }), await ask({ token, toPath: toMissing })]
  expect(withoutNames(there)).toEqual(withoutNames(missing))
})

/** What an answer tells but for the names that were sent, the number of the request and the time. */
function withoutNames({ statusCode, headers: { date: _date, ...headers }, body }: LightMyRequestResponse) {
  const told = body.replace(/"request_id":"[^"]*"/, '').replaceAll(/(?:partner|account|missing)(?=\d)/g, 'name')
  return { statusCode, headers, told }
}

const inFormats = described.filter(([, { operation }]) => operation.answer.kind !== 'text')

test.each(inFormats)('406: %s in a format that there is not', async (_, operation) => {
  const answer = await (await buildAsk(server, operation, tree))({ headers: { accept: 'text/html' } })
  expect([answer.statusCode, errorAnswer.Check(answer.json())]).toEqual([406, true])
})

test.each(described)('%s refuses in XML whoever reads XML', async (_, operation) => {
  const answer = await (await buildAsk(server, operation, tree))({ token: null, format: 'xml' })
  expect(answer.body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<error><error>invalid_token<\/error>/)
})
