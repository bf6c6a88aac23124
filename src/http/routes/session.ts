import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import manifest from '../../../package.json' with { type: 'json' }
import { actingAs } from '../../app/acting-as.ts'
import { mintCodeSecret, toAuthenticatorUrl } from '../../app/one-time-codes.ts'
import { changeOwnPassword, endOwnCodes, startOwnCodes } from '../../app/own-sign-in.ts'
import type { FoundBearer, Store } from '../../app/ports.ts'
import { signIn, type SignedIn, type SignInPlace } from '../../app/sign-in.ts'
import { readLink, takeLink } from '../../app/sign-in-links.ts'
import { AppError } from '../../domain/app-error.ts'
import { type Instant, seconds } from '../../domain/instant.ts'
import { formatUtc } from '../../domain/local-time.ts'
import { buildCheck } from '../../wire/check.ts'
import {
  AskedLink,
  CodesEnd,
  CodesStart,
  PasswordChange,
  type SessionRow,
  SignInRequest,
  TakenLink,
  toSignedInPerson,
} from '../../wire/session.ts'
import type { ServerContext } from '../context.ts'
import { refuse } from '../errors.ts'
import { buildCaller, buildPublicUrl } from '../public-url.ts'
import type { Limits } from '../rate-limits/limits.ts'
import { sendNothing } from '../send.ts'
import { assertOwnPage, buildSessionCookie } from '../session-cookie.ts'

const checkSignIn = buildCheck(SignInRequest, 'The body')
const checkTakenLink = buildCheck(TakenLink, 'The body')
const checkAskedLink = buildCheck(AskedLink, 'The body')
const checkPasswordChange = buildCheck(PasswordChange, 'The body')
const checkCodesStart = buildCheck(CodesStart, 'The body')
const checkCodesEnd = buildCheck(CodesEnd, 'The body')

/**
 * How people sign in and out: what the pages of the dashboard use, and nobody else. It is JSON alone. Every change must come
 * from a page of this server, also the signing in: nobody is signed in as somebody else by another site.
 */
export function addSessionRoutes(app: FastifyInstance, context: ServerContext, limits: Limits): void {
  const { store, directory, clock, settings } = context
  const publicUrl = buildPublicUrl(settings)
  const callerOf = buildCaller(settings.trustedProxies)
  const cookie = buildSessionCookie(publicUrl)
  const open = { bodyLimit: 16 * 1024, config: { wrongSecret: [401, 404] } }
  // A page that asks whether somebody has signed in has no wrong secret.
  const asking = { config: { wrongSecret: [] } }
  const placeOf = (request: FastifyRequest): SignInPlace => ({
    remoteAddress: callerOf(request.raw).address,
    userAgent: request.headers['user-agent'] ?? '',
  })

  app.get('/session', asking, async (request, reply) => {
    const { bearer, person } = await getPerson(request)
    const partner = await directory.getOwnPartner(await store.treeVersion(), bearer)
    return sendJson(
      reply,
      toSignedInPerson(person.user, {
        partner: partner.username,
        partner_name: partner.name,
        has_codes: person.credentials.codeSecret !== null,
        session_ends: formatUtc(bearer.expiresAt ?? 0),
        version: manifest.version,
      }),
    )
  })

  app.post('/session', open, async (request, reply) => {
    assertOwnPage(request, publicUrl(request))
    const { username, password, code } = checkSignIn(request.body)
    const now = clock()
    limits.countSignIn(username, now)
    const signedIn = await signIn(store, { username, password, code }, placeOf(request), now)
    if (signedIn.outcome === 'signed-in') return welcome(reply, signedIn, now)
    return refuse(request, reply, {
      status: 403,
      error: 'code_needed',
      description: 'Enter the code that your authenticator shows.',
    })
  })

  app.delete('/session', open, async (request, reply) => {
    assertOwnPage(request, publicUrl(request))
    const { bearer } = await getPerson(request)
    await store.endSession(bearer.hash)
    cookie.clear(reply)
    return sendNothing(reply)
  })

  app.post('/session/link/person', open, async (request, reply) =>
    sendJson(reply, await readLink(store, checkAskedLink(request.body).secret, clock())),
  )

  app.post('/session/link', open, async (request, reply) => {
    assertOwnPage(request, publicUrl(request))
    const { secret, password, username, name } = checkTakenLink(request.body)
    const now = clock()
    const chosen = {
      secret,
      password,
      ...(username !== undefined && { username }),
      ...(name !== undefined && { name }),
    }
    const signedIn = await takeLink(store, chosen, placeOf(request), now)
    return signedIn ? welcome(reply, signedIn, now) : sendNothing(reply)
  })

  app.get('/session/list', asking, async (request, reply) => {
    const { bearer, person } = await getPerson(request)
    const sessions = await store.listSessions(person.user.username, clock())
    return sendJson(
      reply,
      sessions.map(({ hash, createdAt, expiresAt, remoteAddress, userAgent }): SessionRow => ({
        signed_in: formatUtc(createdAt),
        ends: formatUtc(expiresAt),
        remote_address: remoteAddress,
        user_agent: userAgent,
        is_this: hash === bearer.hash,
      })),
    )
  })

  app.delete('/session/others', open, async (request, reply) => {
    const { acting, own } = await getActing(request)
    await acting.endOtherSessions(own.username, own.session)
    return sendNothing(reply)
  })

  app.put('/session/password', open, async (request, reply) => {
    const { acting, own, now } = await getActing(request)
    const { password, new_password: newPassword } = checkPasswordChange(request.body)
    limits.countSignIn(own.username, now)
    await changeOwnPassword(acting, own, { password, newPassword }, now)
    return sendNothing(reply)
  })

  app.post('/session/codes/secret', open, async (request, reply) => {
    const { own } = await getActing(request)
    const secret = mintCodeSecret()
    return sendJson(reply, { secret, url: toAuthenticatorUrl(secret, own.username) })
  })

  app.put('/session/codes', open, async (request, reply) => {
    const { acting, own, now } = await getActing(request)
    const given = checkCodesStart(request.body)
    limits.countSignIn(own.username, now)
    await startOwnCodes(acting, own, given, now)
    return sendNothing(reply)
  })

  app.delete('/session/codes', open, async (request, reply) => {
    const { acting, own, now } = await getActing(request)
    const { password } = checkCodesEnd(request.body)
    limits.countSignIn(own.username, now)
    await endOwnCodes(acting, own, password, now)
    return sendNothing(reply)
  })

  function welcome(reply: FastifyReply, { secret, expiresAt }: SignedIn, now: Instant): FastifyReply {
    cookie.set(reply, secret, Math.floor((expiresAt - now) / seconds(1)))
    return sendNothing(reply)
  }

  /** Who has signed in. Throws `unauthenticated` where nobody has. */
  async function getPerson(request: FastifyRequest) {
    const secret = cookie.read(request)
    if (secret === undefined) throw new AppError('unauthenticated', 'Sign in first.')
    const bearer: FoundBearer = await directory.authenticate(await store.treeVersion(), secret, clock())
    const person = bearer.person === null ? undefined : await store.findPerson(bearer.person)
    if (!person) throw new AppError('unauthenticated', 'Sign in first.')
    return { bearer, person }
  }

  /** The same who changes something, which is written down. */
  async function getActing(request: FastifyRequest): Promise<{
    acting: Store
    own: { username: string; session: string }
    now: Instant
  }> {
    assertOwnPage(request, publicUrl(request))
    const { bearer, person } = await getPerson(request)
    const now = clock()
    const acting = actingAs(store, { by: { actor: bearer.actor, at: now } })
    return { acting, own: { username: person.user.username, session: bearer.hash }, now }
  }
}

function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply
    .headers({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .send(JSON.stringify(value))
}
