import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { hours, minutes, seconds } from '../domain/instant.ts'
import { readCertificate } from './certificate.ts'
import type { SmtpContext, SmtpLog, SmtpSettings } from './context.ts'
import type { Delivered } from './deliver.ts'
import { buildReception } from './reception.ts'
import { type RefusalName, toRefusal } from './refusal.ts'
import { buildSessions, hangUp } from './sessions.ts'

/** A listener for mail. */
export interface SmtpListener {
  /** Resolves when it listens; rejects when it cannot, with the error of the system. */
  listen(): Promise<{ host: string; port: number }>
  /** Takes no new mail, lets those that are under way end, and resolves when the last was answered. */
  close(): Promise<void>
}

const mostConnections = 100
const mostRecipients = 20
const idleMs = seconds(60)
const longestSessionMs = minutes(15)
const closeMs = seconds(10)
const certificateEveryMs = hours(1)

/**
 * Builds the listener that takes report mails (RFC 5321). It takes mail for ping addresses alone, relays nothing, and answers
 * 250 only after everything is on disk. Throws `invalid` for a certificate that cannot be used.
 */
export function buildSmtpListener(context: SmtpContext, log: SmtpLog): SmtpListener {
  const { settings } = context
  const underWay = new Map<string, Promise<void>>()
  const sessions = buildSessions(longestSessionMs, id => {
    hangUp(server, other => other === id, '4.4.2 The session has lasted too long.')
  })
  const reception = buildReception(context, sessions, log)
  const server = new SMTPServer({
    ...toOptions(settings),
    onConnect: (session, answer) => answer(sessions.begin(session) ? null : toRefusal('too-many-connections')),
    onClose: session => sessions.end(session),
    onRcptTo: ({ address }, session, answer) =>
      void reception.checkRecipient(address, session).then(said => reply(log, session, said, answer)),
    onData: (stream, session, answer) => {
      const received = reception.receive(stream, session).then(became => reply(log, session, became, answer))
      underWay.set(session.id, received)
      void received.finally(() => underWay.delete(session.id))
    },
  })
  // A client that goes away is nobody's fault.
  server.on('error', error => log.info({ err: error }, 'a connection for mail failed'))
  const renewal = settings.tls && startRenewal(server, settings.tls, log)

  return {
    listen: () => listen(server, settings),
    close: () => {
      clearInterval(renewal ?? undefined)
      return close(server, underWay)
    },
  }
}

/** Answers a sender, and writes a line of it, without the address, which is a secret. */
function reply(
  log: SmtpLog,
  { remoteAddress }: SMTPServerSession,
  said: Delivered | RefusalName | null,
  answer: (error?: Error | null, message?: string) => void,
): void {
  if (typeof said === 'string') {
    log.info({ from: remoteAddress, refused: said }, 'mail refused')
    return answer(toRefusal(said))
  }
  if (said === null) return answer()
  log.info({ from: remoteAddress, ...said }, 'mail taken')
  answer(null, '2.0.0 The mail is stored.')
}

async function listen(server: SMTPServer, { host, port }: SmtpSettings): Promise<{ host: string; port: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.server.once('error', reject)
  server.listen(port, host, resolve)
  await promise
  server.server.off('error', reject)
  // A server that listens on a host, and not on a path of the file system, has an address with a port.
  const listening = server.server.address() as AddressInfo
  return { host: listening.address, port: listening.port }
}

async function close(server: SMTPServer, underWay: ReadonlyMap<string, Promise<void>>): Promise<void> {
  const goodbye = '4.3.2 The server stops; try again later.'
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(resolve)
  hangUp(server, id => !underWay.has(id), goodbye)
  // Whoever was in the middle of a mail has its answer then.
  void Promise.all(underWay.values()).then(() => setImmediate(() => hangUp(server, () => true, goodbye)))
  await promise
  await Promise.all(underWay.values())
}

/** Reads the certificate anew now and then: one that is renewed every few weeks must not end the mail. */
function startRenewal(server: SMTPServer, tls: NonNullable<SmtpSettings['tls']>, log: SmtpLog): NodeJS.Timeout {
  return setInterval(() => {
    try {
      server.updateSecureContext(readCertificate(tls))
    } catch (error) {
      log.error({ err: error }, 'the certificate for mail could not be read anew; the one before is kept')
    }
  }, certificateEveryMs).unref()
}

function toOptions({ domains, tls, maxBytes, takesAnyLogin }: SmtpSettings): SMTPServerOptions {
  const unused = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD', 'HELP']
  return {
    name: domains[0] ?? '',
    banner: 'Lastgood',
    size: maxBytes,
    maxClients: mostConnections,
    maxRecipients: mostRecipients,
    socketTimeout: idleMs,
    closeTimeout: closeMs,
    disableReverseLookup: true,
    lenientAddressParsing: true,
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    // The address alone says who may send: whoever insists on signing in is let in with anything.
    onAuth: (_auth, _session, answer) => answer(null, { user: 'anybody' }),
    ...(tls && readCertificate(tls)),
    disabledCommands: [...unused, ...(tls ? [] : ['STARTTLS']), ...(takesAnyLogin ? [] : ['AUTH'])],
  }
}
