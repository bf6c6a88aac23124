import type { FastifyInstance } from 'fastify'
import type { Checks } from '../../app/checks.ts'
import type { FoundApiKey, Version } from '../../app/ports.ts'
import { AppError } from '../../domain/app-error.ts'
import { managementVersions, type ManagementVersion } from '../../wire/healthchecks.ts'
import { buildCheckAnswers, type CheckRequest } from '../check-answers.ts'
import type { ServerContext } from '../context.ts'
import { addPreflight, openToPages, refuseInWords } from '../open-to-pages.ts'
import { buildPublicUrl } from '../public-url.ts'
import { sendText } from '../send.ts'

const readOnly =
  'This API is read-only: backup sets are changed with the lastgood command line, and paused by switching them off.'

/**
 * The Management API of Healthchecks as a read-only key has it (its manual, "Management API v3"), in its three versions: a
 * check is a backup set. Whoever sends no key that is known is told so before anything else.
 */
export async function addCheckRoutes(app: FastifyInstance, context: ServerContext, checks: Checks): Promise<void> {
  await app.register(async scope => {
    openToPages(scope, app)
    for (const api of managementVersions) addVersion(scope, context, checks, api)
  })
}

function addVersion(scope: FastifyInstance, context: ServerContext, checks: Checks, api: ManagementVersion): void {
  const { store, clock } = context
  const publicUrl = buildPublicUrl(context.settings)
  const prefix = `/api/v${api}`
  const answers = buildCheckAnswers(context, checks)

  for (const [path, answer] of Object.entries(answers)) {
    const url = `${prefix}${path}`
    scope.get(url, { decompress: false }, async (request: CheckRequest, reply) => {
      const version = await store.treeVersion()
      const key = await authorize(request, version)
      const root = publicUrl(request)
      const names = await checks.names()
      const reading = { request, key, version, names, now: clock(), root, base: `${root}${prefix}`, api }
      return answer(reading, reply)
    })
    addPreflight(scope, url)
  }
  refuseChanges(scope, prefix)
  scope.get(`${prefix}/status`, async (_request, reply) => {
    await store.check()
    return sendText(reply, 'OK')
  })
  addPreflight(scope, `${prefix}/status`)

  async function authorize({ headers }: CheckRequest, version: Version): Promise<FoundApiKey> {
    const secret = headers['x-api-key']
    if (typeof secret !== 'string' || secret.length !== 32) throw new AppError('unauthenticated', 'missing api key')
    const key = await checks.findKey(version, secret)
    if (!key) throw new AppError('unauthenticated', 'wrong api key')
    return key
  }
}

/** What changes something is refused before its body is read, whoever asks. */
function refuseChanges(scope: FastifyInstance, prefix: string): void {
  const changes = [
    ['POST', '/checks'],
    ['POST', '/checks/:check'],
    ['DELETE', '/checks/:check'],
    ['POST', '/checks/:check/pause'],
    ['POST', '/checks/:check/resume'],
  ] as const
  for (const [method, path] of changes) {
    scope.route({
      method,
      url: `${prefix}${path}`,
      onRequest: async (_request, reply) => refuseInWords(reply, 403, readOnly),
      handler: () => undefined,
    })
  }
  for (const path of ['/checks/:check/pause', '/checks/:check/resume']) addPreflight(scope, `${prefix}${path}`)
}
