import type { TSchema } from 'typebox'
import { buildOpenApi } from '../../src/http/openapi/document.ts'
import type { DescribedOperation } from '../../src/http/operation.ts'
import { describedOperations } from '../../src/http/routes/description.ts'

/** A query parameter as it is described. */
export type DescribedParameter = {
  name: string
  in: string
  required?: boolean
  schema: ParameterSchema
  example?: unknown
}

/** The keywords that the schemas of parameters and of members of bodies have. */
export type ParameterSchema = {
  type?: string | string[]
  enum?: string[]
  minimum?: number
  maximum?: number
  items?: ParameterSchema
}

/** What an answer may be, by media type, and what is said of it. */
export type DescribedAnswer = { description: string; content?: Record<string, { schema: TSchema }> }

/** An operation as `/openapi.json` describes it, with every reference resolved, and the operation itself. */
export type Described = {
  operation: DescribedOperation
  parameters: DescribedParameter[]
  requestBody?: { required: boolean; content: Record<string, { schema: TSchema }> }
  responses: Record<string, DescribedAnswer>
}

const operations = describedOperations()
const document: unknown = JSON.parse(JSON.stringify(buildOpenApi(operations)))

/** Every operation that is described, by its method and path. */
export const described: readonly (readonly [string, Described])[] = operations.map(operation => {
  const { method, path } = operation
  const found = at(['paths', path.replaceAll(/:([a-z_]+)/g, '{$1}'), method.toLowerCase()])
  // Whether the description is OpenAPI is for its linter to say.
  return [`${method} ${path}`, { ...(resolve(found) as Omit<Described, 'operation'>), operation }]
})

/** The schemas that one of which fits. */
export function alternatives(schema: TSchema): TSchema[] {
  return (schema as { oneOf?: TSchema[] }).oneOf ?? [schema]
}

/** The schemas of the messages that the body of an operation may be. */
export function bodiesOf({ requestBody }: Described): TSchema[] {
  const schema = requestBody?.content['application/json']?.schema
  return schema ? alternatives(schema) : []
}

/** The types that a schema allows. */
export function typesOf({ type }: ParameterSchema): string[] {
  return type === undefined ? [] : [type].flat()
}

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve)
  if (!isRecord(value)) return value
  const { $ref } = value
  if (typeof $ref === 'string') return resolve(at($ref.slice('#/'.length).split('/')))
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member)]))
}

function at(steps: string[]): unknown {
  return steps.reduce((value, step) => (isRecord(value) ? value[step] : undefined), document)
}

/** Whether a value is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
