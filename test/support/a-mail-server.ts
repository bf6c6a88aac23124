import { connect, type Socket } from 'node:net'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { onTestFinished } from 'vitest'
import { renewPingId } from '../../src/app/backup-sets.ts'
import { renewPingKey } from '../../src/app/computers.ts'
import { buildDirectory } from '../../src/app/directory.ts'
import type { Store } from '../../src/app/ports.ts'
import type { Instant } from '../../src/domain/instant.ts'
import type { BackupSet, Computer } from '../../src/domain/tree.ts'
import type { SmtpLog, SmtpSettings } from '../../src/smtp/context.ts'
import { buildSmtpListener, type SmtpListener } from '../../src/smtp/smtp-listener.ts'
import { testRedact } from './a-server.ts'
import { openTestStore } from './test-store.ts'
import { addTree, aNewSet, testNow } from './tree.ts'

/** A listener for mail on the loopback, on a real database, with one computer that has one set. */
export type MailServer = {
  store: Store
  listener: SmtpListener
  port: number
  computer: Computer
  set: BackupSet
  /** The address of the set, and of the inbox of the computer. */
  setAddress: string
  pingKey: string
  inboxAddress: string
  /** What the clock of the listener shows. */
  now: Instant
  /** What the listener has logged. */
  logged: string[]
  send(mail: SendMailOptions): Promise<{ accepted: unknown[]; response: string }>
}

const testSmtpSettings: SmtpSettings = {
  host: '127.0.0.1',
  port: 0,
  domains: ['mail.example.net'],
  tls: null,
  maxBytes: 1024 * 1024,
  takesAnyLogin: false,
}

/** Starts a listener for the running test, on a store of its own unless one is given. */
export async function aMailServer(settings: Partial<SmtpSettings> = {}, given?: Store): Promise<MailServer> {
  const store = given ?? (await openTestStore()).store
  const { computer } = await addTree(store)
  const set = await store.addBackupSet(aNewSet(computer), testNow)
  const pingKey = await renewPingKey(store, computer, testNow)
  const pingId = await renewPingId(store, set, 0, testNow)
  const logged: string[] = []
  const note = (facts: object, message: string) => void logged.push(`${message} ${JSON.stringify(facts)}`)
  const log: SmtpLog = { info: note, warn: note, error: note }
  const context = { store, directory: buildDirectory(store), clock: () => server.now, redact: testRedact }
  const listener = buildSmtpListener({ ...context, settings: { ...testSmtpSettings, ...settings } }, log)
  const { port } = await listener.listen()
  onTestFinished(() => listener.close())
  const server: MailServer = {
    store,
    listener,
    port,
    computer,
    set,
    setAddress: `${pingId}@mail.example.net`,
    pingKey,
    inboxAddress: `${pingKey}@mail.example.net`,
    now: testNow,
    logged,
    send: async mail => {
      const transport = createTransport({ host: '127.0.0.1', port, tls: { rejectUnauthorized: false } })
      try {
        return await transport.sendMail({ from: 'nas@example.net', ...mail })
      } finally {
        transport.close()
      }
    },
  }
  return server
}

/** A conversation with a listener, line by line, as no well-behaved sender leads it. */
export type Conversation = {
  socket: Socket
  /** Sends what stands there, and answers the reply that comes next: all of its lines. */
  say(text: string): Promise<string>
  /** The next reply. */
  hear(): Promise<string>
  /** Resolves when the listener has ended the conversation. */
  ended: Promise<void>
}

/** Begins a conversation; the greeting has been heard. */
export async function converse(port: number): Promise<Conversation> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let heard = ''
  let wake = () => undefined as void
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString()
    wake()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    end()
    wake()
  })
  const conversation: Conversation = {
    socket,
    ended,
    say: text => {
      socket.write(text)
      return conversation.hear()
    },
    hear: async () => {
      for (;;) {
        const reply = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(heard)?.[0]
        if (reply !== undefined) {
          heard = heard.slice(reply.length)
          return reply.trim()
        }
        if (socket.destroyed) return ''
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
  }
  await conversation.hear()
  return conversation
}
