import type { FastifyInstance } from 'fastify'
import { scopes } from '../../domain/principal.ts'
import { asDescription } from '../api-page/description.ts'
import { contentSecurityPolicy, writeApiPage } from '../api-page/page.ts'
import type { ServerContext } from '../context.ts'
import { buildOpenApi } from '../openapi/document.ts'
import type { DescribedOperation } from '../operation.ts'
import { buildPublicUrl } from '../public-url.ts'
import { offeredReports, toReportOperation } from '../report-operation.ts'
import { sendWritten } from '../send.ts'
import { operations } from './index.ts'

const json = 'application/json; charset=utf-8'

/** Every operation that the server describes. */
export function describedOperations(): DescribedOperation[] {
  return [...offeredReports().map(toReportOperation), ...operations]
}

/**
 * What the server says of itself: the API as OpenAPI 3.1 and as a page for people, and where tokens come from (RFC 8414). Open to
 * everybody.
 */
export function addDescriptionRoutes(app: FastifyInstance, { settings }: ServerContext): void {
  const publicUrl = buildPublicUrl(settings)
  let description: string | undefined
  // Of the newest address: a server is rarely reached by more than one.
  let page = { url: '', text: '' }

  app.get('/openapi.json', (_request, reply) => {
    description ??= JSON.stringify(buildOpenApi(describedOperations()))
    return sendWritten(reply, { contentType: json, text: description })
  })

  app.get('/docs', (request, reply) => {
    const url = publicUrl(request)
    if (page.url !== url) page = { url, text: writeApiPage(asDescription(buildOpenApi(describedOperations())), url) }
    reply.headers({ 'content-security-policy': contentSecurityPolicy, 'referrer-policy': 'no-referrer' })
    return sendWritten(reply, { contentType: 'text/html; charset=utf-8', text: page.text })
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
      service_documentation: `${issuer}/docs`,
    }
    return sendWritten(reply, { contentType: json, text: JSON.stringify(metadata) })
  })
}
