import manifest from '../../../package.json' with { type: 'json' }
import type { scopes } from '../../domain/principal.ts'
import { ErrorAnswer } from '../../wire/error.ts'
import { type DescribedOperation, tags } from '../operation.ts'
import { describeOperation } from './describe-operation.ts'
import { describeOtherPaths, serverTag } from './other-paths.ts'
import { rateLimitHeaders } from './rate-limit-headers.ts'
import { refusedResponses } from './refusals.ts'
import { buildNamedSchemas, type Json } from './schemas.ts'

const scopeWords: Record<(typeof scopes)[number], string> = {
  partners_read: 'Read partners and what is reported of all their accounts.',
  partners_write: 'Change partners.',
  accounts_read: 'Read accounts and what is reported of all their computers.',
  accounts_write: 'Make and change accounts.',
  computers_read: 'Read computers, their backup sets, runs and reports.',
  computers_write: 'Make and change computers and backup sets, and report runs.',
}

/** The description of the API as an OpenAPI 3.1 document: from the operations themselves. */
export function buildOpenApi(operations: readonly DescribedOperation[]): Json {
  const schemas = buildNamedSchemas()
  const paths = new Map<string, Json>()
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:([a-z_]+)/g, '{$1}')
    const methods = paths.get(path) ?? {}
    methods[operation.method.toLowerCase()] = describeOperation(operation, schemas)
    paths.set(path, methods)
  }
  const error = schemas.refer(ErrorAnswer)
  return {
    openapi: '3.1.1',
    info: {
      title: 'Lastgood',
      version: manifest.version,
      summary: 'Know the last good backup of every computer.',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server.' }],
    security: [{ oauth: [] }, { agentKey: [] }],
    tags: [
      ...Object.entries(tags)
        .filter(([name]) => operations.some(({ tag }) => tag === name))
        .map(([name, description]) => ({ name, description })),
      serverTag,
    ],
    paths: { ...Object.fromEntries(paths), ...describeOtherPaths(schemas) },
    components: {
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          description: 'A token of `POST /oauth2/token`, sent as `Authorization: OAuth <token>` or `Bearer <token>`.',
          flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: scopeWords } },
        },
        agentKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'The agent key of one computer, which may read and report what belongs to it.',
        },
      },
      headers: rateLimitHeaders.describe,
      responses: refusedResponses(operations, error),
      schemas: schemas.all(),
    },
  }
}

const introduction = `Every answer is JSON or XML, as \`Accept\` asks; lists are CSV too. Bodies of requests are JSON or XML.

Dates are ISO 8601 with seconds and a numeric offset, on the clock of the computer that they are about; an absent date is
empty. Constants are upper case, and are taken in any letter case. A parameter that takes several constants is repeated, or
separates them by commas. An unknown parameter, member or constant is refused.

A list has \`page\`, \`page_size\`, \`count\` (over all pages), \`links\` to the first and the next page, and \`list\`.
Representations have an \`ETag\`; \`If-None-Match\` saves the answer, \`If-Match\` refuses to overwrite the change of somebody else.`
