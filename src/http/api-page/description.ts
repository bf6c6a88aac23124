import type { Json } from '../openapi/schemas.ts'

/** A schema of the description (JSON Schema 2020-12), as far as the page shows it. */
export type Schema = {
  $ref?: string
  title?: string
  type?: string | string[]
  description?: string
  enum?: string[]
  default?: string | number | boolean
  minimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  pattern?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  oneOf?: Schema[]
}

export type MediaType = { schema: Schema; example?: unknown; examples?: Record<string, { value: unknown }> }
export type Answer = {
  $ref?: string
  description: string
  headers?: Record<string, object>
  content?: Record<string, MediaType>
}
export type ShownParameter = {
  name: string
  in: string
  description: string
  required?: boolean
  schema: Schema
  example?: string | number | boolean
}
export type ShownOperation = {
  operationId: string
  tags: string[]
  summary: string
  description?: string
  security: Record<string, string[]>[]
  parameters?: ShownParameter[]
  requestBody?: { required?: boolean; content: Record<string, MediaType> }
  responses: Record<string, Answer>
}

/** The description of the API, as far as the page shows it. */
export type Description = {
  info: { title: string; version: string; summary: string; description: string }
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, ShownOperation>>
  components: {
    securitySchemes: { oauth: { flows: { clientCredentials: { scopes: Record<string, string> } } } }
    headers: Record<string, { description: string }>
    responses: Record<string, Answer>
    schemas: Record<string, Schema>
  }
}

/** The description that `buildOpenApi` writes is of this shape: it is not checked again. */
export function asDescription(document: Json): Description {
  return document as unknown as Description
}

/** An answer, also one that is described elsewhere. */
export function answerOf({ components }: Description, answer: Answer): Answer {
  return components.responses[nameIn(answer.$ref)] ?? answer
}

/** A schema with everything that it refers to in its place. No schema of the description is within itself. */
export function resolve(description: Description, schema: Schema): Schema {
  const { properties, items, oneOf, ...own } = description.components.schemas[nameIn(schema.$ref)] ?? schema
  const members = Object.entries(properties ?? {}).map(([name, one]) => [name, resolve(description, one)])
  return {
    ...own,
    ...(properties && { properties: Object.fromEntries(members) as Record<string, Schema> }),
    ...(items && { items: resolve(description, items) }),
    ...(oneOf && { oneOf: oneOf.map(one => resolve(description, one)) }),
  }
}

function nameIn(reference = ''): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}
