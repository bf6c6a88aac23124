import type { FastifyReply, FastifyRequest } from 'fastify'
import { listFlips } from '../app/check-flips.ts'
import { findPingBody, listCheckPings } from '../app/check-pings.ts'
import { type Check, type Checks, type CheckTarget, nameOf, tagsOf } from '../app/checks.ts'
import { toNode } from '../app/directory.ts'
import type { FoundApiKey, Version } from '../app/ports.ts'
import type { SealedNames } from '../app/sealed-names.ts'
import { AppError } from '../domain/app-error.ts'
import { type Instant, lastInstant, seconds } from '../domain/instant.ts'
import { type ManagementVersion, toCheckMessage, toFlipMessage, toPingMessage } from '../wire/healthchecks.ts'
import { toBadgeUrls } from './badge-urls.ts'
import type { ServerContext } from './context.ts'
import { allParameters, lastParameter } from './open-to-pages.ts'
import { sendText, sendWritten } from './send.ts'

/** A request of somebody who may read, and all that the answer depends on. */
export type Reading = {
  request: CheckRequest
  key: FoundApiKey
  version: Version
  names: SealedNames
  now: Instant
  /** Where this version of the API begins. */
  base: string
  root: string
  api: ManagementVersion
}

/** A request for checks. */
export type CheckRequest = FastifyRequest<{ Params: { check?: string; n?: string } }>
/** What answers it. */
export type CheckAnswer = (reading: Reading, reply: FastifyReply) => Promise<unknown>

/** What there is to read, by its path. */
export function buildCheckAnswers({ store, directory }: ServerContext, checks: Checks): Record<string, CheckAnswer> {
  const factsOf = ({ version }: Reading) => ({ store, directory, version })
  return {
    '/checks': async (reading, reply) => sendJson(reply, { checks: await listChecks(checks, reading) }),
    '/checks/:check': async (reading, reply) => sendJson(reply, await readCheck(checks, reading)),
    '/checks/:check/pings': async (reading, reply) => {
      const target = await getTarget(checks, reading)
      const pings = await listCheckPings(factsOf(reading), target, reading.now)
      const url = urlOf(target, reading)
      const toUrl = (n: number, runId: number | null) => (runId === null ? null : `${url}/pings/${n}/body`)
      const messages = pings.map(ping => toPingMessage({ ...ping, bodyUrl: toUrl(ping.n, ping.loggedRunId) }))
      return sendJson(reply, { pings: messages })
    },
    '/checks/:check/pings/:n/body': async (reading, reply) => {
      const target = await getTarget(checks, reading)
      const n = readNumber(reading.request.params.n ?? '', Number.MAX_SAFE_INTEGER)
      const body = n === undefined ? undefined : await findPingBody(factsOf(reading), target, n, reading.now)
      if (body === undefined) throw new AppError('not-found', 'There is no such ping, or nothing was sent with it.')
      return sendText(reply, body)
    },
    '/checks/:check/flips': async (reading, reply) => {
      const isWanted = readSpan(reading)
      const flips = await listFlips(factsOf(reading), await getTarget(checks, reading))
      return sendJson(reply, { flips: flips.filter(({ at }) => isWanted(at)).map(toFlipMessage) })
    },
    '/badges': async (reading, reply) => {
      const targets = await checks.below(reading.version, reading.key.node)
      const tags = ['*', ...new Set(targets.flatMap(tagsOf))]
      const urls = toBadgeUrls(reading.names, reading.root, reading.key.id)
      return sendJson(reply, { badges: Object.fromEntries(tags.map(tag => [tag, urls(tag)])) })
    },
    // Who is notified of what is not told by this API.
    '/channels': async (_reading, reply) => sendJson(reply, { channels: [] }),
  }
}

async function listChecks(checks: Checks, reading: Reading): Promise<object[]> {
  const { version, key, request, now } = reading
  const targets = (await checks.below(version, key.node)).filter(buildFilter(request))
  return (await checks.stand(version, key.node, targets, now)).map(check => toMessage(check, reading))
}

async function readCheck(checks: Checks, reading: Reading): Promise<object> {
  const target = await getTarget(checks, reading)
  const [check] = await checks.stand(reading.version, toNode(target.computer), [target], reading.now)
  if (!check) throw noSuchCheck()
  return toMessage(check, reading)
}

async function getTarget(checks: Checks, { request, version, key, now }: Reading): Promise<CheckTarget> {
  const target = await checks.find(version, key.node, request.params.check ?? '', now)
  if (target) return target
  throw noSuchCheck()
}

/** The same for a check that is not there and for one that the key does not see. */
function noSuchCheck(): AppError {
  return new AppError('not-found', 'There is no such check.')
}

function toMessage(check: Check, reading: Reading): object {
  const { computer, set } = check
  const { names, key, root, api } = reading
  const named = {
    ...check,
    name: nameOf(check, key.node),
    slug: set.slug,
    tags: tagsOf(check),
    description: `Backup set ${set.name} of ${computer.name} (${computer.username}/${computer.computerId})`,
    uniqueKey: names.uniqueKey(set),
    badgeUrl: `${root}/b/2/${names.checkBadge(key.id, set)}.svg`,
    url: urlOf(check, reading),
  }
  return toCheckMessage(named, api)
}

function urlOf({ set }: CheckTarget, { names, base }: Reading): string {
  return `${base}/checks/${names.uniqueKey(set)}`
}

/** Of `tag` all that are given must be there; other parameters mean nothing. */
function buildFilter(request: CheckRequest): (target: CheckTarget) => boolean {
  const tags = allParameters(request.query, 'tag')
  const slug = lastParameter(request, 'slug')
  return target => {
    const own = tagsOf(target)
    return (slug === undefined || target.set.slug === slug) && tags.every(tag => own.includes(tag))
  }
}

/** The bounds of the protocol: up to the year 2286, and up to a year back. */
const [latestSecond, mostSeconds] = [10_000_000_000, 31_536_000]

/** Reads the time that flips are wanted of. Throws `invalid` for what is no whole number within the bounds. */
function readSpan({ request, now }: Reading): (at: Instant) => boolean {
  const read = (name: string, most: number) => {
    const text = lastParameter(request, name)
    const number = text === undefined ? undefined : readNumber(text, most)
    if (text === undefined || number !== undefined) return number
    throw new AppError('invalid', `${name} must be a whole number from 0 to ${most}.`)
  }
  const [start, end] = [read('start', latestSecond) ?? 0, read('end', latestSecond)]
  const back = read('seconds', mostSeconds)
  const from = Math.max(seconds(start), back === undefined ? 0 : now - seconds(back))
  const until = end === undefined ? lastInstant : seconds(end)
  return at => at >= from && at < until
}

function readNumber(text: string, most: number): number | undefined {
  const number = Number(text)
  return /^\d{1,16}$/.test(text) && number <= most ? number : undefined
}

function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return sendWritten(reply, { contentType: 'application/json', text: JSON.stringify(value) })
}
