import type { AddressInfo } from 'node:net'
import { constants } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { makeFirstLink, toLinkPath } from '../../app/sign-in-links.ts'
import { addClient, type ClientWithSecret } from '../../app/clients.ts'
import { ensureRootPartner } from '../../app/partners.ts'
import type { Store } from '../../app/ports.ts'
import { type Composed, compose } from '../../compose.ts'
import { type Config, settings } from '../../config.ts'
import { AppError } from '../../domain/app-error.ts'
import { scopes } from '../../domain/principal.ts'
import type { Partner } from '../../domain/tree.ts'

/**
 * A server that listens; `mail` says where it takes mails, null that it takes none; `admin` is the client that was made for an
 * empty database.
 */
export type Listening = {
  url: string
  mail: { host: string; port: number } | null
  admin: ClientWithSecret | undefined
  /** The page on which the first person chooses a password, while nobody can sign in. */
  welcomeUrl: string | undefined
}

/**
 * Serves until SIGTERM or SIGINT; then requests under way end, and the database is closed. A second signal ends the
 * process at once. `tell` is called once the server listens. Throws `unavailable` when it cannot listen.
 */
export async function serve(config: Config, tell: (listening: Listening) => void): Promise<void> {
  const composed = await compose(config)
  const stopped = whenStopped(composed.app)
  try {
    const url = await listen(composed.app, config)
    const mail = await listenForMail(composed, config)
    // Only now, so that a start that failed leaves the next one the first.
    const { partner, admin } = await makeFirstAdmin(composed.store)
    const link = composed.hasDashboard ? await makeFirstLink(composed.store, partner, Date.now()) : undefined
    const welcomeUrl = link === undefined ? undefined : (config.publicUrl ?? url) + toLinkPath(link)
    tell({ url, mail, admin, welcomeUrl })
    composed.watch()
    await stopped
  } finally {
    await composed.close()
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw toListenError(error, host, port)
  }
  return toUrl(app.server.address())
}

async function listenForMail({ mail }: Composed, { smtp }: Config): Promise<Listening['mail']> {
  if (!mail || !smtp) return null
  try {
    return await mail.listen()
  } catch (error) {
    throw toListenError(error, smtp.host, smtp.port, mailListener)
  }
}

// A server that listens on a host, and not on a path of the file system, has an address with a port.
function toUrl(listening: ReturnType<FastifyInstance['server']['address']>): string {
  const { address, port } = listening as AddressInfo
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** How its address and its port are chosen. */
type ListenerOptions = { host: string; port: string }
type ListenFailure = (host: string, port: number, options: ListenerOptions) => string

const httpListener: ListenerOptions = { host: '--host', port: '--port' }
const mailListener: ListenerOptions = { host: settings.smtpHost.variable, port: settings.smtpPort.variable }

const notOurs: ListenFailure = (host, _port, options) =>
  `${host} is not an address of this machine: name one with ${options.host}, such as 127.0.0.1 or 0.0.0.0.`

/** Why a server cannot listen, by the code of the system, and what to do. */
const listenFailures = new Map<unknown, ListenFailure>([
  [
    'EADDRINUSE',
    (host, port, options) =>
      `Port ${port} of ${host} is taken: end the program that listens there, or choose another with ${options.port}.`,
  ],
  [
    'EACCES',
    (host, port, options) =>
      `Listening on port ${port} of ${host} is not allowed: choose one above 1023 with ${options.port}.`,
  ],
  ['EADDRNOTAVAIL', notOurs],
  ['ENOTFOUND', notOurs],
  ['EAI_AGAIN', notOurs],
  ['EINVAL', notOurs],
])

function toListenError(error: unknown, host: string, port: number, options = httpListener): unknown {
  const failure = listenFailures.get((error as NodeJS.ErrnoException).code)
  return failure ? new AppError('unavailable', failure(host, port, options), { cause: error }) : error
}

/** The root partner; in an empty database it is made, and a client of it that may do everything. */
async function makeFirstAdmin(store: Store): Promise<{ partner: Partner; admin: ClientWithSecret | undefined }> {
  const now = Date.now()
  const { partner, isNew } = await ensureRootPartner(store, now)
  if (!isNew) return { partner, admin: undefined }
  const place = { partnerId: partner.id, accountId: null, computerKey: null }
  return { partner, admin: await addClient(store, { name: 'Administration', scopes, place }, now) }
}

/** Resolves at the first SIGTERM or SIGINT. One that was ignored when the program began (`nohup`) stays ignored. */
function whenStopped(app: FastifyInstance): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isStopping = false
  function stop(signal: 'SIGTERM' | 'SIGINT'): void {
    if (isStopping) process.exit(128 + constants.signals[signal])
    isStopping = true
    app.log.info({ signal }, 'stopping: requests under way are finished')
    resolve()
  }
  // `bin/lastgood` has put a listener that does nothing on a signal that was ignored.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    if (process.listenerCount(signal) === 0) process.on(signal, stop)
  }
  return promise
}
