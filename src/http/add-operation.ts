import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actingAs } from '../app/acting-as.ts'
import type { Version } from '../app/ports.ts'
import {
  type Given,
  type Paging,
  type Parameters,
  paging as pagingParameters,
  pagingOf,
  type RawQuery,
  readQuery,
} from '../wire/parameters.ts'
import type { ServerContext, ServerSettings } from './context.ts'
import { compileList, compileMessage } from './formats.ts'
import type { AnswerKind, Answered, Call, DescribedOperation, Operation } from './operation.ts'
import { toListPage } from './paging.ts'
import { buildPrecondition } from './precondition.ts'
import { buildPublicUrl, pathOf, type PublicUrl } from './public-url.ts'
import { buildBodyReader } from './request-body.ts'
import { sendDatedText, sendElsewhere, sendList, sendMessage, sendNothing } from './send.ts'

type OperationRequest = FastifyRequest<{ Params: Record<string, string>; Querystring: RawQuery }>

/** Adds the routes of operations. */
export async function addOperations(
  app: FastifyInstance,
  context: ServerContext,
  operations: readonly Operation[],
): Promise<void> {
  const [ignoring, reading] = [operations.filter(one => one.ignoresBody), operations.filter(one => !one.ignoresBody)]
  for (const operation of reading) addOperation(app, context, operation)
  await app.register(async scope => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null))
    for (const operation of ignoring) addOperation(scope, context, operation)
  })
}

/** Adds the route of an operation. Who may call it was checked before; here what is asked is read, done and answered. */
function addOperation(app: FastifyInstance, context: ServerContext, operation: Operation): void {
  const { method, path, scope, body, ignoresBody, answer, reads } = operation
  const publicUrl = buildPublicUrl(context.settings)
  const query = parametersOf(operation)
  const pages = answer.kind === 'list' ? answer.pages : null
  const send = compileSend(answer, context)
  const readBody = body && buildBodyReader(body)
  const makeConditionally = reads && buildPrecondition(operation, reads, context)

  app.route<{ Params: Record<string, string>; Querystring: RawQuery }>({
    method,
    url: path,
    config: { scope, answersText: answer.kind === 'text', answersLists: answer.kind === 'list' },
    // Without a body there is nothing to unpack.
    ...(body ? {} : { decompress: false as const }),
    ...toLimit(body?.limit ?? ignoresBody?.limit),
    handler: async (request: OperationRequest, reply) => {
      const asked = readQuery(query, request.query)
      const body = readBody?.(request)
      const call = buildCall({ request, context, publicUrl, query: asked, paging: pagingOf(asked, pages), body })
      const first = call()
      const isConditional = makeConditionally !== undefined && first.ifMatch !== undefined
      return send(reply, await (isConditional ? makeConditionally(call) : operation.handle(first)), first)
    },
  })
}

type Asked = {
  request: OperationRequest
  context: ServerContext
  publicUrl: PublicUrl
  query: Given<Parameters>
  paging: Paging
  body: unknown
}

/**
 * Builds what an operation is handed: as of the tree of administration when the request began, or as of a version that
 * changes must still find.
 */
function buildCall({ request, context, publicUrl, query, paging, body }: Asked): (ifVersion?: Version) => Call {
  const { store, directory } = context
  const now = context.clock()
  const by = () => ({ actor: request.bearer.actor, at: now })
  return ifVersion => {
    const facts = { store, directory, version: ifVersion ?? request.treeVersion }
    const terms = () => ({ by: by(), ...(ifVersion !== undefined && { ifVersion }) })
    return {
      params: request.params,
      query,
      paging,
      body,
      bearer: request.bearer,
      facts,
      acting: () => ({ ...facts, store: actingAs(store, terms()) }),
      context,
      now,
      ifMatch: request.headers['if-match'],
      date: request.headers.date,
      report: (failure, what) => request.log.error({ err: failure, request_id: request.id }, what),
      url: () => publicUrl(request) + pathOf(request),
      publicUrl: () => publicUrl(request),
    }
  }
}

function toLimit(bodyLimit: number | undefined): { bodyLimit?: number } {
  return bodyLimit === undefined ? {} : { bodyLimit }
}

/** Every query parameter of an operation: its own, and of a list those that ask for a page. */
export function parametersOf({ query, answer }: DescribedOperation): Parameters {
  return answer.kind === 'list' && answer.pages ? { ...query, ...pagingParameters(answer.pages) } : query
}

type Send = (reply: FastifyReply, answered: unknown, call: Call) => FastifyReply

/** Compiles what sends that which a handler returned, by how its operation answers. */
function compileSend(answer: AnswerKind, { settings }: ServerContext): Send {
  if (answer.kind === 'message') return compileMessageSend(answer, settings)
  if (answer.kind === 'list') return compileListSend(answer, settings)
  if (answer.kind === 'text') {
    return (reply, answered, { now }) => sendDatedText(reply, answered as Answered<typeof answer>, now)
  }
  if (answer.kind === 'nothing') return reply => sendNothing(reply)
  return (reply, answered) => sendElsewhere(reply, (answered as Answered<typeof answer>).location)
}

function compileMessageSend(answer: AnswerKind & { kind: 'message' }, settings: ServerSettings): Send {
  const writers = new Map(answer.messages.map(one => [one, compileMessage(one, settings.xmlConditionTypes)]))
  const [first] = writers.values()
  return (reply, answered) => {
    const { value, message, status = answer.statuses[0] ?? 200, location } = answered as Answered<typeof answer>
    const write = message === undefined ? first : writers.get(message)
    if (!write) throw new Error('An operation answers one of its own messages.')
    reply.code(status)
    if (location !== undefined) reply.header('location', location)
    return sendMessage(reply, reply.request.format, write, value)
  }
}

function compileListSend(answer: AnswerKind & { kind: 'list' }, settings: ServerSettings): Send {
  const write = compileList(answer.row, settings.xmlConditionTypes)
  return (reply, answered, call) => {
    const { rows, count } = answered as Answered<typeof answer>
    return sendList(reply, reply.request.format, write, toListPage(rows, count, call.paging, call.url()))
  }
}
