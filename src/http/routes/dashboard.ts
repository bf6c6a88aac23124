import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { DashboardFolder } from '../context.ts'

/** The paths of the pages: every one answers the same document, which knows them by `web/router.tsx`. */
export const pagePaths = [
  '/',
  '/fleet',
  '/gallery',
  '/me',
  '/welcome',
  '/accounts',
  '/accounts/:username',
  '/accounts/:username/computers/:computerId',
  '/accounts/:username/computers/:computerId/sets/:name',
  '/accounts/:username/computers/:computerId/runs/:actionId',
] as const

const built = path.resolve(import.meta.dirname, '../../../dist/web')

/** Where `npm run build:web` has put the dashboard; null where it was not built. */
export function findDashboard(): DashboardFolder {
  return existsSync(path.join(built, 'index.html')) ? built : null
}

/** Put in the place of what the document has where its nonce is to be. */
const noncePlace = '%STYLE_NONCE%'

/** Headers of a page that shows what others have written: whatever gets into it runs nothing and reaches nobody. */
function toHeaders(nonce: string): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

/**
 * The dashboard: its pages, and the files that these are made of. Pages are open to everybody and hold nothing; what they show
 * comes from the API, for whoever has signed in. The names of files change with what is in them.
 */
export async function addDashboardRoutes(app: FastifyInstance, folder: string): Promise<void> {
  const document = readFileSync(path.join(folder, 'index.html'), 'utf8')
  for (const page of pagePaths) {
    app.get(page, { config: { wrongSecret: [] } }, (_request, reply) => {
      const nonce = randomBytes(16).toString('base64')
      return reply.headers(toHeaders(nonce)).send(document.replace(noncePlace, nonce))
    })
  }
  await app.register(fastifyStatic, {
    root: path.join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    setHeaders: reply => void reply.header('x-content-type-options', 'nosniff'),
  })
  const icon = readFileSync(path.join(folder, 'icon.svg'))
  app.get('/icon.svg', (_request, reply) =>
    reply.headers({ 'content-type': 'image/svg+xml', 'cache-control': 'max-age=86400' }).send(icon),
  )
}
