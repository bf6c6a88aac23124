import { isAppError } from '../domain/app-error.ts'
import type { Version } from '../app/ports.ts'
import { checkIfMatch, toEntityTag } from './entity-tag.ts'
import { compileMessage, type Format, type MessageWriter } from './formats.ts'
import type { Answered, AnswerKind, Call, Operation } from './operation.ts'
import type { ServerContext } from './context.ts'

/** Makes a change on the condition of its caller. `callAt` is the call as of a version of the tree. */
export type MakeConditionally = (callAt: (version: Version) => Call) => Promise<unknown>

const mostAttempts = 5

/**
 * Builds what makes a change only if the resource still is as its caller believes it to be (RFC 9110, 13.1.1). The tree is
 * then still the one in which the resource was compared; where somebody has changed something else meanwhile, it is
 * compared again. Throws `changed`.
 */
export function buildPrecondition(operation: Operation, reads: Operation, context: ServerContext): MakeConditionally {
  const tagsOf = compileTags(reads.answer, context)
  return async callAt => {
    for (let attempt = 1; ; attempt += 1) {
      const call = callAt(await context.store.treeVersion())
      const { value } = (await reads.handle(call)) as Answered<AnswerKind & { kind: 'message' }>
      checkIfMatch(call.ifMatch, tagsOf(value))
      try {
        return await operation.handle(call)
      } catch (failure) {
        if (!isAppError(failure, 'changed') || attempt === mostAttempts) throw failure
      }
    }
  }
}

/** The entity tags that a value has, one for each format of messages. */
function compileTags(answer: AnswerKind, { settings }: ServerContext): (value: unknown) => string[] {
  if (answer.kind !== 'message') throw new Error('What a change is compared with is one message.')
  const [message] = answer.messages
  if (!message) throw new Error('A message has a schema.')
  const write: MessageWriter = compileMessage(message, settings.xmlConditionTypes)
  return value => written.map(format => toEntityTag(write(value, format)))
}

const written: readonly Format[] = [
  { kind: 'json', contentType: '' },
  { kind: 'xml', contentType: '' },
]
