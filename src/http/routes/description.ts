import type { FastifyInstance } from 'fastify'
import { scopes } from '../../domain/principal.ts'
import { reports } from '../../reports/index.ts'
import type { ServerContext } from '../context.ts'
import { buildOpenApi } from '../openapi/document.ts'
import type { DescribedOperation } from '../operation.ts'
import { buildPublicUrl } from '../public-url.ts'
import { asReport, toReportOperation } from '../report-operation.ts'
import { sendWritten } from '../send.ts'
import { operations } from './index.ts'

const json = 'application/json; charset=utf-8'

/** Every operation that the server describes. */
export function describedOperations(): DescribedOperation[] {
  return [...reports.map(report => toReportOperation(asReport(report))), ...operations]
}

/** What the server says of itself: the API as OpenAPI 3.1, and where tokens come from (RFC 8414). Open to everybody. */
export function addDescriptionRoutes(app: FastifyInstance, { settings }: ServerContext): void {
  const publicUrl = buildPublicUrl(settings)
  let description: string | undefined

  app.get('/openapi.json', (_request, reply) => {
    description ??= JSON.stringify(buildOpenApi(describedOperations()))
    return sendWritten(reply, { contentType: json, text: description })
  })

  app.get('/.well-known/oauth-authorization-server', (request, reply) => {
    const issuer = publicUrl(request)
    const metadata = {
      issuer,
      token_endpoint: `${issuer}/oauth2/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      grant_types_supported: ['client_credentials', 'none'],
      // There is no authorization endpoint, so that there is nothing for it to answer.
      response_types_supported: [],
      scopes_supported: scopes,
      service_documentation: `${issuer}/openapi.json`,
    }
    return sendWritten(reply, { contentType: json, text: JSON.stringify(metadata) })
  })
}
