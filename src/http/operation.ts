import type { Static, TSchema } from 'typebox'
import type { Facts } from '../app/current-conditions.ts'
import type { FoundBearer } from '../app/ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { Scope } from '../domain/principal.ts'
import { buildCheck } from '../wire/check.ts'
import type { Given, PageBounds, Paging, Parameters } from '../wire/parameters.ts'
import { compileUpperCase } from '../wire/upper-case.ts'
import type { ServerContext } from './context.ts'

/** The names in a path such as `/v1/accounts/:username/computers/:computer_id`. */
export type NamesIn<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** What an operation is handed: what was asked, by whom, and what it needs to answer. */
export type Call<Path extends string = string, Query extends Parameters = Parameters, Body = unknown> = {
  params: Readonly<Record<NamesIn<Path>, string>>
  query: Given<Query>
  body: Body
  bearer: FoundBearer
  facts: Facts
  /** The facts, by whose store changes are made as the caller's: written down with its name, and on its conditions. */
  acting: () => Facts
  context: ServerContext
  now: Instant
  /** The page of a list that is asked for. */
  paging: Paging
  /** What the caller believes the resource to be, if it said so (RFC 9110, 13.1.1). */
  ifMatch: string | undefined
  /** What the caller's clock showed when it sent the request, if it said so (RFC 9110, 6.6.1). */
  date: string | undefined
  /** Writes a failure into the log that does not fail the request. */
  report: (failure: unknown, what: string) => void
  /** What the caller asked for, absolute, as it reaches the server. */
  url: () => string
  /** What links begin with, without a slash at the end. */
  publicUrl: () => string
}

/**
 * How an operation answers:
 * - `message`: one value, of the first message unless it says which, with the first status unless it says which;
 * - `list`: rows, in every format of lists, and in pages unless `pages` is null;
 * - `nothing`: 204;
 * - `elsewhere`: 303 and where;
 * - `text`: plain text.
 */
export type AnswerKind<Message extends TSchema = TSchema> =
  | { kind: 'message'; messages: readonly Message[]; statuses: readonly (200 | 201)[] }
  | { kind: 'list'; row: Message; pages: PageBounds | null }
  | { kind: 'nothing' }
  | { kind: 'elsewhere' }
  | { kind: 'text' }

/** What a handler returns, by how its operation answers. */
export type Answered<Kind extends AnswerKind> = Kind extends {
  kind: 'message'
  messages: readonly (infer Message extends TSchema)[]
}
  ? { value: Static<Message>; message?: Message; status?: 200 | 201; location?: string }
  : Kind extends { kind: 'list'; row: infer Row extends TSchema }
    ? Rows<Static<Row>>
    : Kind extends { kind: 'elsewhere' }
      ? { location: string }
      : Kind extends { kind: 'text' }
        ? DatedText
        : void

/** Plain text, and when it was last modified; null where that is not known. */
export type DatedText = { text: string; modifiedAt: Instant | null }

/** The rows of one page, and how many there are over all pages. */
export type Rows<Row> = { rows: Row[]; count: number }

/** What a request may bring along. `read` throws `invalid`, naming the member. */
export type RequestBody<Body = unknown> = {
  /** What JSON and XML are of: one of these, in XML by the root element. */
  messages: readonly TSchema[]
  read: (value: unknown) => Body
  /** Bodies of other types, and what they are; of a type that is none of them it answers undefined. */
  others?: { types: Readonly<Record<string, string>>; read: (contentType: string, bytes: Buffer) => Body | undefined }
  /** The most bytes, as they are after decompression; left out: 64 KiB. */
  limit?: number
  /** Whether a request without a body is one with an empty object. */
  isOptional?: boolean
}

/** The headings of the description, in its order, with what is below them. */
export const tags = {
  Reports: 'How the backups of computers stand, and what became of them over time.',
  Runs: 'Executions of backups, restores and deletes: reporting them and reading them back.',
  'Backup sets': 'What is backed up and when: schedules, what is expected, and why a set stands as it does.',
  Computers: 'Machines, and whom to tell about them.',
  Accounts: 'Customers.',
  Partners: 'Who runs the installation or a part of it.',
  General: 'What belongs to nobody in particular.',
} as const
export type Tag = keyof typeof tags

/** One operation of the API: its route, its checks, its description and its client all come from here. */
export type Operation<
  Path extends string = string,
  Query extends Parameters = Parameters,
  Body = unknown,
  Kind extends AnswerKind = AnswerKind,
> = {
  /** What clients call it. */
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: Path
  /** The scope that a token needs; `any`: a valid token will do. */
  scope: Scope | 'any'
  /** What it is about: the heading under which it is described. */
  tag: Tag
  /** One sentence. */
  summary: string
  /** What else there is to say, in plain sentences. */
  description?: string
  query: Query
  body?: RequestBody<Body>
  /** Takes any body of so many bytes and does not look at it; without it and without `body` there is none to read. */
  ignoresBody?: { limit: number }
  /** What reads the resource that this replaces or removes: `If-Match` names its entity tag. */
  reads?: Operation
  answer: Kind
  handle: (call: Call<Path, Query, Body>) => Answered<Kind> | Promise<Answered<Kind>>
}

/** An operation as far as it is described. */
export type DescribedOperation = Omit<Operation, 'handle'>

/** Types an operation; everything else comes from its being listed. */
export function defineOperation<
  const Path extends string,
  Query extends Parameters,
  Body,
  const Kind extends AnswerKind,
>(operation: Operation<Path, Query, Body, Kind>): Operation {
  // A registry holds operations of different types; each is handed only what it itself has asked for.
  return operation as unknown as Operation
}

/** A body of one schema, its constants in any letter case. `what` names it in the sentence that refuses another. */
export function bodyOf<Message extends TSchema>(message: Message, what: string): RequestBody<Static<Message>> {
  const [check, toUpperCase] = [buildCheck(message, what), compileUpperCase(message)]
  return { messages: [message], read: value => check(toUpperCase(value)) }
}

/** Answers one value. */
export function message<Message extends TSchema>(message: Message) {
  return { kind: 'message', messages: [message], statuses: [200] } as const
}

/** Answers what was made, and where it is. */
export function made<Message extends TSchema>(message: Message) {
  return { kind: 'message', messages: [message], statuses: [201] } as const
}

/** Answers a list of rows. */
export function list<Row extends TSchema>(row: Row, pages: PageBounds | null = { most: 50, usual: 10 }) {
  return { kind: 'list', row, pages } as const
}

/** Answers that it is done. */
export const nothing = { kind: 'nothing' } as const
/** Answers where to look. */
export const elsewhere = { kind: 'elsewhere' } as const
/** Answers plain text. */
export const plainText = { kind: 'text' } as const
