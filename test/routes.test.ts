import { afterAll, describe, expect, test } from 'vitest'
import { describedOperations } from '../src/http/routes/description.ts'
import type { DeclaredRoute } from '../src/http/server.ts'
import { openSharedServer } from './support/a-server.ts'

// The tests of a table must know its rows before they run.
const { server, close } = await openSharedServer()
afterAll(close)
const declared = server.routes

function nameOf({ method, path }: Pick<DeclaredRoute, 'method' | 'path'>): string {
  return `${method} ${path}`
}

test('every route under /v1 needs a scope, and nothing else does', () => {
  expect(declared.length).toBeGreaterThan(8)
  for (const route of declared)
    expect([nameOf(route), route.scope !== undefined]).toEqual([nameOf(route), isOfTheApi(route)])
})

function isOfTheApi({ path }: DeclaredRoute): boolean {
  return path.startsWith('/v1/')
}

test('every route under /v1 is described', () => {
  const described = describedOperations().map(nameOf)
  const routes = declared.filter(route => isOfTheApi(route) && route.method !== 'HEAD').map(nameOf)
  expect(routes.toSorted()).toEqual(described.toSorted())
})

describe('404', () => {
  test('a path that there is not', async () => {
    for (const path of ['/', '/v1', '/v1/account', '/v2/runs', '/V1/runs', '//v1/runs', '/v1/runs/1/2', '/oauth2']) {
      const answer = await server.get(path)
      expect([path, answer.statusCode, answer.json()]).toMatchObject([path, 404, { error: 'not_found' }])
    }
  })
})

describe('405', () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const
  const paths = [...new Set(declared.map(({ path }) => path))]

  test.each(paths)('%s says which methods there are', async path => {
    const allowed = declared.filter(route => route.path === path).map(({ method }) => method)
    for (const method of methods.filter(method => !allowed.includes(method))) {
      const answer = await server.send({ method: method, url: path.replaceAll(':', '') })
      expect([method, answer.statusCode, answer.headers['allow']]).toEqual([method, 405, allowed.join(', ')])
    }
  })
})
