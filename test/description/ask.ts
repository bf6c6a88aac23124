import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { compileXmlWriter } from '../../src/wire/xml.ts'
import type { TestServer } from '../support/a-server.ts'
import { aToken } from '../support/builders.ts'
import { minimalBody, pathOf, placeOf, type Tree } from './a-tree.ts'
import { bodiesOf, type Described } from './described.ts'

/** What of a valid request is to be another one. */
export type Changes = {
  /** Null: none. */
  token?: string | null
  /** Values of query parameters, over those that are required. Null: without it. */
  query?: Record<string, string[] | null>
  headers?: Record<string, string>
  toPath?: (path: string) => string
  /** The body, instead of a valid one, which is written as `format` says. Null: none. */
  payload?: InjectOptions['payload'] | null
  format?: 'json' | 'xml'
}

/** Builds what sends one request after the other to an operation of a tree, each a valid one but for what is changed. */
export async function buildAsk(server: TestServer, operation: Described, tree: Tree) {
  const { method, scope } = operation.operation
  const scopes = scope === 'any' ? [] : [scope]
  const own = await aToken(server, { scopes, place: placeOf(operation, tree) })
  const path = await pathOf(server, operation, tree)
  return (changes: Changes = {}): Promise<LightMyRequestResponse> => {
    const { token = own, format = 'json', headers, toPath = (same: string) => same } = changes
    const payload = changes.payload === undefined ? validBody(operation, format) : changes.payload
    return server.send({
      method,
      url: `${toPath(path)}${queryOf(operation, changes.query)}`,
      ...(payload !== null && { payload }),
      headers: {
        ...(token !== null && { authorization: `OAuth ${token}` }),
        accept: `application/${format}`,
        ...(typeof payload === 'string' && { 'content-type': `application/${format}` }),
        ...headers,
      },
    })
  }
}

/** A valid body, written; null where an operation has none. */
export function validBody(operation: Described, format: 'json' | 'xml'): string | null {
  const [schema] = bodiesOf(operation)
  if (!schema) return null
  const body = minimalBody(schema)
  return format === 'json' ? JSON.stringify(body) : compileXmlWriter(schema)(body)
}

/** The sentence with which a request was refused. */
export function sayingOf(answer: LightMyRequestResponse): string {
  return answer.json<{ error_description: string }>().error_description
}

function queryOf({ parameters }: Described, changes: Changes['query'] = {}): string {
  const required = parameters.filter(one => one.in === 'query' && one.required)
  const values = { ...Object.fromEntries(required.map(({ name, example }) => [name, [String(example)]])), ...changes }
  const pairs = Object.entries(values).flatMap(([name, some]) => (some ?? []).map(value => [name, value]))
  return pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : ''
}
