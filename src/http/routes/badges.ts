import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Checks, type CheckTarget, nameOf, tagsOf } from '../../app/checks.ts'
import { toNode } from '../../app/directory.ts'
import type { FoundApiKey, Version } from '../../app/ports.ts'
import { AppError } from '../../domain/app-error.ts'
import type { TreeNode } from '../../domain/principal.ts'
import { type BadgeFormat, badgeFormats, countChecks, drawBadge } from '../badge.ts'
import { everything } from '../badge-urls.ts'
import type { ServerContext } from '../context.ts'
import { addPreflight, openToPages } from '../open-to-pages.ts'
import { sendWritten } from '../send.ts'

/** What the badge of every check is called. */
const masterLabel = 'backups'

type BadgeRequest = FastifyRequest<{
  Params: { states?: string; badge?: string; signature?: string; file: string }
}>

/** What a badge shows, and in which form. */
type Badge = { format: BadgeFormat; states: 2 | 3; label: string; node: TreeNode; targets: readonly CheckTarget[] }

/**
 * Badges: how one check or all of a tag stand, for everybody who has the address (Healthchecks manual, "Status Badges"). An
 * address tells nothing else, cannot be guessed, and ends with the API key that it was made for.
 */
export async function addBadgeRoutes(app: FastifyInstance, context: ServerContext, checks: Checks): Promise<void> {
  const { store, clock } = context
  await app.register(async scope => {
    openToPages(scope, app)
    addBadge('/b/:states/:file', findCheckBadge)
    addBadge('/badge/:badge/:file', findTagBadge)
    addBadge('/badge/:badge/:signature/:file', findTagBadge)

    function addBadge(
      url: string,
      find: (request: BadgeRequest, version: Version) => Promise<Badge | undefined>,
    ): void {
      scope.get(url, { decompress: false }, async (request: BadgeRequest, reply) => {
        const version = await store.treeVersion()
        const badge = await find(request, version)
        if (!badge) throw new AppError('not-found', 'There is no such badge; it may have ended with its API key.')
        return send(reply, badge, version)
      })
      addPreflight(scope, url)
    }
  })

  async function findCheckBadge({ params }: BadgeRequest, version: Version): Promise<Badge | undefined> {
    const file = readFile(params.file)
    const named = file && (await checks.names()).readBadge(file.name)
    const key = named && (await checks.findKeyById(version, named.apiKeyId))
    const target = named?.set && key ? await checks.findSet(version, key.node, named.set) : undefined
    if (!file || !key || !target || (params.states !== '2' && params.states !== '3')) return undefined
    const label = nameOf(target, key.node)
    const states = params.states === '2' ? 2 : 3
    return { format: file.format, states, label, node: toNode(target.computer), targets: [target] }
  }

  /** The file is the tag, or for every check the signature. */
  async function findTagBadge({ params }: BadgeRequest, version: Version): Promise<Badge | undefined> {
    const file = readFile(params.file)
    const tag = params.signature === undefined ? everything : (file?.name ?? '')
    const [signature, states] = readSignature(params.signature ?? file?.name ?? '')
    const key = file && (await findKey(params.badge ?? '', version))
    if (!key || !(await checks.names()).isSigned(params.badge ?? '', tag, signature)) return undefined
    const all = await checks.below(version, key.node)
    const targets = tag === everything ? all : all.filter(target => tagsOf(target).includes(tag))
    return { format: file.format, states, label: tag === everything ? masterLabel : tag, node: key.node, targets }
  }

  async function findKey(badgeKey: string, version: Version): Promise<FoundApiKey | undefined> {
    const named = (await checks.names()).readBadge(badgeKey)
    return named && !named.set ? checks.findKeyById(version, named.apiKeyId) : undefined
  }

  async function send(reply: FastifyReply, badge: Badge, version: Version): Promise<FastifyReply> {
    const found = await checks.stand(version, badge.node, badge.targets, clock())
    const counts = countChecks(
      found.map(({ status }) => status),
      badge.states,
    )
    const { contentType, text } = drawBadge(badge.format, badge.label, counts)
    return sendWritten(reply, { contentType, text })
  }
}

function readFile(file: string): { name: string; format: BadgeFormat } | undefined {
  const dot = file.lastIndexOf('.')
  const format = badgeFormats.find(one => one === file.slice(dot + 1))
  return format && dot > 0 ? { name: file.slice(0, dot), format } : undefined
}

/** A signature, and with how many states the badge is; two are said behind it. */
function readSignature(text: string): [signature: string, states: 2 | 3] {
  return text.endsWith('-2') && text.length === 10 ? [text.slice(0, -2), 2] : [text, 3]
}
