import { PassThrough } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../../domain/app-error.ts'
import { seconds } from '../../domain/instant.ts'
import type { ServerContext } from '../context.ts'
import { buildPublicUrl } from '../public-url.ts'
import { buildSessionCookie } from '../session-cookie.ts'

/** How often it is looked whether anything has changed, and how often pages are told that the server is there. */
const everyMs = seconds(2)
const beatEveryMs = seconds(15)
const mostStreams = 1_000

type Stream = { out: PassThrough; secret: string }

/**
 * `GET /session/events` tells the pages of whoever has signed in that there is something new (server-sent events, HTML Living
 * Standard, 9.2): `change` when a condition or the tree has changed, wherever; `beat` every fifteen seconds, with what the server's
 * clock shows and when a server last said that it is awake. What has changed the page asks for as always: nothing of it is in
 * the stream. It ends with the session.
 */
export function addEventRoute(app: FastifyInstance, { store, directory, clock, settings }: ServerContext): void {
  const cookie = buildSessionCookie(buildPublicUrl(settings))
  const streams = new Set<Stream>()
  let looking: NodeJS.Timeout | undefined
  let isAnswered = true
  let known = ''
  let beatAt = 0

  app.get('/session/events', { config: { wrongSecret: [] } }, async (request, reply) => {
    const secret = await getSecret(request)
    if (streams.size >= mostStreams) {
      throw new AppError('unavailable', 'Too many pages listen already; what is shown is asked for every minute.')
    }
    const stream: Stream = { out: new PassThrough(), secret }
    stream.out.write('retry: 5000\n\n')
    stream.out.write(await toBeat())
    // Before the page hears that the line is there, and asks: what changes from now on it is told.
    if (streams.size === 0) known = await read()
    stream.out.on('close', () => {
      streams.delete(stream)
      if (streams.size > 0) return
      clearInterval(looking)
      looking = undefined
    })
    request.raw.on('close', () => stream.out.destroy())
    streams.add(stream)
    looking ??= setInterval(() => void look(), everyMs)
    return reply
      .headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        // A proxy that collects answers would hold them back (nginx manual, "X-Accel-Buffering").
        'x-accel-buffering': 'no',
      })
      .send(stream.out)
  })
  app.addHook('preClose', done => {
    clearInterval(looking)
    for (const { out } of streams) out.end()
    done()
  })

  async function getSecret(request: FastifyRequest): Promise<string> {
    const secret = cookie.read(request)
    if (secret === undefined) throw new AppError('unauthenticated', 'Sign in first.')
    await directory.authenticate(await store.treeVersion(), secret, clock())
    return secret
  }

  async function look(): Promise<void> {
    // A database that takes long is not asked again meanwhile.
    if (!isAnswered) return
    isAnswered = false
    try {
      const now = await read()
      if (now !== known) tell('event: change\ndata: {}\n\n')
      known = now
      if (clock() - beatAt < beatEveryMs) return
      beatAt = clock()
      await endEnded(await store.treeVersion())
      tell(await toBeat())
    } catch (error) {
      // Pages say so themselves when they hear nothing, and the log tells of the database by other ways.
      app.log.debug({ err: error }, 'it could not be looked whether anything has changed')
    } finally {
      isAnswered = true
    }
  }

  /** What is another text whenever something has changed. */
  async function read(): Promise<string> {
    return `${await store.treeVersion()} ${await store.newestConditionChange()}`
  }

  async function toBeat(): Promise<string> {
    const beat = { now: clock(), judged: (await store.lastPulse()) ?? null }
    return `event: beat\ndata: ${JSON.stringify(beat)}\n\n`
  }

  /** Ends the streams of sessions that have ended. */
  async function endEnded(version: number): Promise<void> {
    for (const { out, secret } of streams) {
      try {
        await directory.authenticate(version, secret, clock())
      } catch {
        out.end()
      }
    }
  }

  function tell(text: string): void {
    for (const { out } of streams) {
      // Whoever does not read has enough of what is old.
      if (out.writableLength > 64 * 1024) out.destroy()
      else out.write(text)
    }
  }
}
