import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock, FoundBearer } from '../../app/ports.ts'
import { type Instant, minutes, seconds } from '../../domain/instant.ts'
import type { ServerContext } from '../context.ts'
import { buildCaller } from '../public-url.ts'
import { buildCounters, type Counters, type Standing } from './counters.ts'
import { isLoopback, toNetwork } from './network.ts'
import { buildSharedCounters } from './shared-counters.ts'
import { TooManyRequests } from './too-many-requests.ts'

/** How much a wrong secret counts against its address: as much as so many requests. */
export const wrongSecretWeight = 100

/** Who may ask how often. What is refused is thrown as `TooManyRequests`. */
export type Limits = {
  /** Counts a request of somebody known, and tells in the answer how many more there may be. */
  countPrincipal(bearer: FoundBearer, reply: FastifyReply): void
  /** Counts a request of nobody known. */
  countAddress(request: FastifyRequest): void
  /** Counts that a request had a wrong secret. */
  countWrongSecret(request: FastifyRequest, weight?: number): void
  /** Counts that somebody tries to sign in with a username, from wherever. */
  countSignIn(username: string, now: Instant): void
  /** Refuses a request whose address has used up what it has, unless its secret is known to be right. */
  refuseExhausted(request: FastifyRequest, isKnown: () => boolean): void
  /** Ends the exchange with other processes. */
  stop(): void
}

/** Builds the counters of one limit; `onExhausted` is called when other processes have used it up. */
type CountersFor = (kind: string, limit: number, onExhausted?: (standing: Standing) => void) => Counters

const windowMs = minutes(1)
/** How often a minute a username may be tried: a password that nobody can guess takes longer than anybody lives. */
const signInLimit = 10
const unlimited: Limits['countAddress'] = () => undefined

/** Builds the limits of the settings; 0 is none. Requests from this machine itself have no address to be counted by. */
export function buildLimits({ settings, clock, store }: ServerContext, log: FastifyBaseLogger): Limits {
  const stops: (() => void)[] = []
  const countersFor: CountersFor = (kind, limit, onExhausted) => {
    if (!store.sharedCounts) return buildCounters(windowMs)
    const counters = buildSharedCounters({
      kind,
      limit,
      windowMs,
      exchange: store.sharedCounts,
      clock,
      ...(onExhausted && { onExhausted }),
      onError: error =>
        log.debug({ err: error }, 'counts of requests could not be exchanged: this process goes on alone'),
    })
    stops.push(() => counters.stop())
    return counters
  }
  const signIns = countersFor('sign-in', signInLimit)
  return {
    countSignIn(username, now) {
      const standing = signIns.add(username.toLowerCase(), 1, now)
      if (standing.used > signInLimit) throw new TooManyRequests('A person', signInLimit, secondsLeft(standing, now))
    },
    countPrincipal: buildPrincipalLimit(settings.rateLimit, clock, countersFor),
    ...(settings.addressRateLimit > 0
      ? buildAddressLimit({ settings, clock }, log, countersFor)
      : { countAddress: unlimited, countWrongSecret: unlimited, refuseExhausted: unlimited }),
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}

function buildPrincipalLimit(limit: number, clock: Clock, countersFor: CountersFor): Limits['countPrincipal'] {
  if (limit === 0) return () => undefined
  const counters = countersFor('principal', limit)
  const limitText = String(limit)
  return ({ clientId, hash }, reply) => {
    const now = clock()
    const standing = counters.add(clientId === null ? hash : String(clientId), 1, now)
    const seconds = secondsLeft(standing, now)
    reply
      .header('ratelimit-limit', limitText)
      .header('ratelimit-remaining', String(Math.max(limit - standing.used, 0)))
      .header('ratelimit-reset', String(seconds))
    if (standing.used > limit) throw new TooManyRequests('A client', limit, seconds)
  }
}

function buildAddressLimit(
  { settings, clock }: Pick<ServerContext, 'settings' | 'clock'>,
  log: FastifyBaseLogger,
  countersFor: CountersFor,
): Omit<Limits, 'countPrincipal' | 'countSignIn' | 'stop'> {
  const { addressRateLimit: limit, trustedProxies } = settings
  const callerOf = buildCaller(trustedProxies)
  const counters = countersFor('address', limit, ({ endsAt }) => {
    exhaustedUntil = Math.max(exhaustedUntil, endsAt)
  })
  // As long as no address has used up what it has, nobody's needs to be looked at.
  let exhaustedUntil = 0

  function count(request: FastifyRequest, weight: number): { standing: Standing; now: Instant } | undefined {
    const { address } = callerOf(request.raw)
    if (isLoopback(address)) return undefined
    const network = toNetwork(address)
    const now = clock()
    const standing = counters.add(network, weight, now)
    if (standing.used > limit && standing.used - weight <= limit) {
      exhaustedUntil = Math.max(exhaustedUntil, standing.endsAt)
      log.warn(
        { address: network, limit },
        'an address asks too often; if it is that of a proxy, name it in LASTGOOD_TRUSTED_PROXIES',
      )
    }
    return { standing, now }
  }

  function refuse(standing: Standing, now: Instant): void {
    if (standing.used > limit) throw new TooManyRequests('An address', limit, secondsLeft(standing, now))
  }

  return {
    countAddress(request) {
      const counted = count(request, 1)
      if (counted) refuse(counted.standing, counted.now)
    },
    countWrongSecret(request, weight = wrongSecretWeight) {
      count(request, weight)
    },
    refuseExhausted(request, isKnown) {
      const now = clock()
      if (now >= exhaustedUntil || isKnown()) return
      refuse(counters.read(toNetwork(callerOf(request.raw).address), now), now)
    },
  }
}

function secondsLeft({ endsAt }: Standing, now: Instant): number {
  return Math.max(Math.ceil((endsAt - now) / seconds(1)), 1)
}
