import type { Answer, OperationEntry, Unchanged } from './answer.ts'
import { call, type CallTerms, type Connection } from './call.ts'
import { formats } from './format.ts'
import { operations, type Operations } from './operations.ts'
import type { CallOptions, ClientOptions } from './options.ts'
import { eachRow } from './pages.ts'
import type { CallInput } from './request.ts'
import { buildTokens } from './tokens.ts'

export type { Answer, Unchanged } from './answer.ts'
export { ApiError, type ClientFailure } from './api-error.ts'
export type * from './operations.ts'
export type * from './options.ts'

/** What an operation takes: the names in its path, its query, and its body. */
export type Input<Id extends keyof Operations> = Operations[Id]['input']

/** What an operation answers. */
export type Value<Id extends keyof Operations> = Operations[Id]['answer']['value']

/** A row of a list that an operation answers. */
export type Row<Id extends keyof Operations> = Operations[Id]['answer'] extends { row: infer One } ? One : never

/** Every operation of the API, by its id. */
export type Client = { [Id in keyof Operations]: Operation<Id> }

/** Calls an operation, which throws `ApiError` when it is refused or comes to nothing. */
export type Operation<Id extends keyof Operations> = {
  /** Resolves to the value alone. */
  (...call: Given<Id, CallOptions>): Promise<Value<Id>>
  /** The same with what the headers say: the entity tag, and where it is. */
  answer: Answering<Id>
} & (Operations[Id]['answer'] extends { kind: 'list' } ? ListOperation<Id> : unknown)

type Answering<Id extends keyof Operations> = {
  (...call: Given<Id, CallOptions & { ifNoneMatch?: undefined }>): Promise<Answer<Value<Id>>>
  /** With `ifNoneMatch` the server answers 304 to whoever has the representation of that entity tag. */
  (input: Input<Id>, options: CallOptions & { ifNoneMatch: string }): Promise<Answer<Value<Id>> | Unchanged>
}

type ListOperation<Id extends keyof Operations> = {
  /** Every row of the list, page after page; without `page_size` in pages as large as there are. */
  all(...call: Given<Id, CallOptions>): AsyncGenerator<Row<Id>, void, undefined>
  /** One page as CSV. */
  csv(...call: Given<Id, CallOptions>): Promise<string>
}

type Given<Id extends keyof Operations, Options> = [NeededIn<Input<Id>>] extends [never]
  ? [input?: Input<Id>, options?: Options]
  : [input: Input<Id>, options?: Options]

/** The members that must be given, of each type of a union. */
type NeededIn<Type> = Type extends unknown
  ? { [Name in keyof Type]-?: undefined extends Type[Name] ? never : Name }[keyof Type]
  : never

const defaults = {
  attempts: 4,
  firstPauseMs: 500,
  longestPauseMs: 30_000,
  attemptTimeoutMs: 20_000,
  timeoutMs: 60_000,
}

/** Makes a client of one server. Nothing is asked of it before the first call. Throws `TypeError` for an address that is none. */
export function createClient(options: ClientOptions): Client {
  const connection = connect(options)
  const entries = Object.entries(operations) as [string, OperationEntry][]
  return asClient(Object.fromEntries(entries.map(([id, entry]) => [id, buildOperation(connection, id, entry)])))
}

function connect({ url, credentials, format = 'json', signal, ...given }: ClientOptions): Connection {
  const { timeoutMs, ...sending } = {
    ...defaults,
    fetch: globalThis.fetch,
    clock: Date.now,
    ...withoutUndefined(given),
  }
  const address = toAddress(url)
  const limits = { timeoutMs, signals: signal ? [signal] : [] }
  const tokens = buildTokens(credentials, address, sending, limits)
  return { url: address, format: formats[format], sending, tokens, limits }
}

function toAddress(url: string | URL): string {
  const { protocol, origin, pathname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError('url must begin with http: or https:.')
  return `${origin}${pathname.replace(/\/+$/, '')}`
}

function withoutUndefined<Given extends object>(given: Given): Given {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Given
}

function buildOperation(connection: Connection, id: string, entry: OperationEntry) {
  const answer = (input: CallInput = {}, terms: CallTerms = {}) => call(connection, id, entry, input, terms)
  const value = async (input?: CallInput, terms?: CallTerms) => (await answer(input, terms)).value
  if (entry.answer !== 'list') return Object.assign(value, { answer })
  const csv = (input?: CallInput, terms?: CallTerms) => value(input, { ...terms, accept: 'text/csv' })
  const all = (input: CallInput = {}, terms: CallTerms = {}) => eachRow(value, input, terms, entry.mostRows)
  return Object.assign(value, { answer, all, csv })
}

/** Every operation is built from the entry that its types were written from, so that it takes and answers what they say. */
function asClient(built: Record<string, unknown>): Client {
  return built as Client
}
