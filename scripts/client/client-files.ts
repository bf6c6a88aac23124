import type { TSchema } from 'typebox'
import { parametersOf } from '../../src/http/add-operation.ts'
import { buildNamedSchemas, type Json, type NamedSchemas } from '../../src/http/openapi/schemas.ts'
import type { DescribedOperation } from '../../src/http/operation.ts'
import { ErrorAnswer } from '../../src/wire/error.ts'
import { ListOf } from '../../src/wire/list.ts'
import { indent, printDocstring, printName, printType } from './print-type.ts'
import { toShape } from './to-shape.ts'

const origin = '// Written by `npm run generate` from the operations of the API.\n'

/** The types of every operation and message, and how operations are called: `src/client/operations.ts`. */
export function writeClientOperations(operations: readonly DescribedOperation[]): string {
  const schemas = buildNamedSchemas()
  const entries = operations.map(operation => {
    const { id, summary, description } = operation
    const says = [summary, description].filter(Boolean).join(' ')
    return `${printDocstring(says)}${printName(id)}: ${printOperation(operation, schemas)}`
  })
  const types = printMessages(schemas)
  return `${origin}
import type { OperationEntry } from './answer.ts'
${/\bBodyOrRaw</.test(entries.join()) ? bothImports : pathImport}

${types}

/** What every operation takes and answers, by what clients call it. */
export type Operations = {${indent(`\n${entries.join('\n')}`)}
}

/** How every operation is called. */
export const operations = {${indent(`\n${operations.map(toEntry).join('\n')}`)}
} as const satisfies Record<keyof Operations, OperationEntry>
`
}

const bothImports = `import type { BodyOrRaw, PathPart } from './options.ts'`
const pathImport = `import type { PathPart } from './options.ts'`

/** What of every message matters to XML: `src/client/xml-shapes.ts`. */
export function writeClientShapes(operations: readonly DescribedOperation[]): string {
  const schemas = buildNamedSchemas()
  schemas.refer(ErrorAnswer)
  const shapesOf = (messages: readonly TSchema[]) => messages.map(message => toShape(schemas.refer(message)))
  const used = Object.fromEntries(
    operations.map(operation => {
      const { id, body } = operation
      const answers = answeredMessages(operation)
      const answer = answers.length > 0 && { answer: shapesOf(answers) }
      return [id, { ...(body && { body: shapesOf(body.messages) }), ...answer }]
    }),
  )
  const messages = Object.fromEntries(Object.entries(schemas.all()).map(([name, one]) => [name, toShape(one as Json)]))
  return `${origin}
import type { Shapes } from './xml-shape.ts'

/** The messages of the API, by the titles of their schemas. */
export const messages = ${printValue(messages)} as const satisfies Shapes

/** The messages that an operation takes and answers; those without a title as they are. */
export const operationMessages = ${printValue(used)} as const
`
}

function printMessages(schemas: NamedSchemas): string {
  return Object.entries(schemas.all())
    .map(([name, schema]) => `export type ${name} = ${printType(schema as Json)}`)
    .join('\n\n')
}

function answeredMessages({ answer }: DescribedOperation): readonly TSchema[] {
  if (answer.kind === 'message') return answer.messages
  return answer.kind === 'list' ? [ListOf(answer.row)] : []
}

function printOperation(operation: DescribedOperation, schemas: NamedSchemas): string {
  const { answer, body } = operation
  const parameters = [...pathParametersOf(operation), ...queryParametersOf(operation)]
  const written = body && body.messages.map(message => printType(schemas.refer(message))).join(' | ')
  const hasRaw = body?.others !== undefined
  const own = written !== undefined && !hasRaw ? [`body${body?.isOptional ? '?' : ''}: ${written}`] : []
  const members = [...parameters, ...own]
  const input = members.length > 0 ? `{${indent(`\n${members.join('\n')}`)}\n}` : '{}'
  const types = Object.keys(body?.others?.types ?? {}).map(type => `'${type}'`)
  const both = hasRaw ? `${input} & BodyOrRaw<${written}, ${types.join(' | ')}>` : input
  const messages = answeredMessages(operation).map(message => printType(schemas.refer(message)))
  const row = answer.kind === 'list' ? `; row: ${printType(schemas.refer(answer.row))}` : ''
  const value = valueTypes[answer.kind] ?? messages.join(' | ')
  return `{${indent(`\ninput: ${both}\nanswer: { kind: '${answer.kind}'; value: ${value}${row} }`)}\n}`
}

const valueTypes: Record<string, string> = { nothing: 'undefined', elsewhere: 'string', text: 'string' }

function pathParametersOf({ path }: DescribedOperation): string[] {
  return [...path.matchAll(/:([a-z_]+)/g)].map(([, name = '']) => `${printName(name)}: PathPart`)
}

function queryParametersOf(operation: DescribedOperation): string[] {
  const taken = new Set(['body', 'raw', ...[...operation.path.matchAll(/:([a-z_]+)/g)].map(([, name]) => name)])
  return Object.entries(parametersOf(operation)).map(([name, { schema, description, isRequired }]) => {
    if (taken.has(name))
      throw new Error(`${operation.id} has two things called ${name}: a client could not tell them apart.`)
    const type = printType(JSON.parse(JSON.stringify(schema)) as Json)
    const taking = type.endsWith('[]') ? `readonly ${type}` : type
    return `${printDocstring(description)}${printName(name)}${isRequired ? '' : '?'}: ${taking}${isRequired ? '' : ' | undefined'}`
  })
}

function toEntry({ id, method, path, answer }: DescribedOperation): string {
  const pages = answer.kind === 'list' && answer.pages ? `, mostRows: ${answer.pages.most}` : ''
  return `${printName(id)}: { method: '${method}', path: '${path}', answer: '${answer.kind}'${pages} },`
}

/** A value of JSON as source text. */
function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? `'${value}'` : JSON.stringify(value)
  const members = Object.entries(value).map(([name, one]) => `${printName(name)}: ${printValue(one)}`)
  const line = `{ ${members.join(', ')} }`
  if (members.length === 0) return '{}'
  return line.length <= 100 && !line.includes('\n') ? line : `{${indent(`\n${members.join(',\n')}`)},\n}`
}
