import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { buildPingDirectory } from '../../../src/app/ping-directory.ts'
import type { SmtpContext, SmtpLog } from '../../../src/smtp/context.ts'
import { findTarget } from '../../../src/smtp/find-target.ts'
import { buildReception } from '../../../src/smtp/reception.ts'
import { aNewRule } from '../../support/mails.ts'
import { type FuzzServer, openFuzzServer } from '../fuzz-server.ts'
import { mutated } from '../mutations.ts'
import { defineTarget } from '../target.ts'
import { failureWord, type FuzzMail, fuzzMails, toBytes } from './mail-bytes.ts'

const settings: SmtpContext['settings'] = {
  host: '127.0.0.1',
  port: 0,
  domains: ['mail.example.net'],
  tls: null,
  maxBytes: 100_000,
  takesAnyLogin: false,
}

/** Whole mails for a set of which nothing else is known: each is stored or refused, and none is green that tells no success. */
export const mailTarget = defineTarget('mail', fuzzMails, async () => {
  const server = await openFuzzServer()
  const faults: object[] = []
  const log: SmtpLog = { info: () => undefined, warn: () => undefined, error: facts => faults.push(facts) }
  const nobody = { begin: () => true, end: () => undefined, mayGuess: () => true }
  const reception = buildReception({ ...server.context, settings }, nobody, log)
  return {
    async check(mail) {
      const set = await server.addSet()
      try {
        await server.context.store.addMailRule(anyMailRule(set.added), server.context.clock())
        const to = [
          `${set.pingId}@mail.example.net`,
          ...(mail.isForInbox ? [`${server.pingKey}@mail.example.net`] : []),
        ]
        const became = await reception.receive(toStream(mail), toSession(to))
        assert.notEqual(became, 'away', `a fault: ${String(faults.map(fault => Object.values(fault)[0]))}`)
        const row = (await server.rows()).find(({ backupset_name: of }) => of === set.name)
        if (tellsNoSuccess(mail)) assert.notEqual(row?.['condition_status'], 'COMPLETED', `${mail.said.kind}: green`)
      } finally {
        await set.remove()
      }
    },
    close: server.close,
  }
})

/** What is damaged on its way may tell anything. */
const tellsNoSuccess = ({ said, damage }: FuzzMail) => said.kind !== 'anything' && damage === null

type AddedSet = Awaited<ReturnType<FuzzServer['addSet']>>['added']

/** Every mail to the set is asked for a word of a failure, and for none of a success. */
function anyMailRule(set: AddedSet) {
  return aNewRule(set, { from: null, success: [], failure: [failureWord] })
}

/** What the SMTP server hands over, as far as the reception looks at it: a stream of the bytes, in chunks. */
function toStream(mail: FuzzMail): SMTPServerDataStream {
  return Readable.from(inChunks(toBytes(mail), mail.chunk)) as SMTPServerDataStream
}

function* inChunks(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A session, as far as the reception looks at it. */
function toSession(recipients: readonly string[]): SMTPServerSession {
  const envelope = { mailFrom: { address: 'nas@example.net' }, rcptTo: recipients.map(address => ({ address })) }
  return { envelope } as SMTPServerSession
}

const addresses = [
  '{id}@mail.example.net',
  '{key}@mail.example.net',
  '{key}+documents@mail.example.net',
  '{key}+nothing@MAIL.example.net.',
  'root@mail.example.net',
  '{id}@example.org',
  '"{id}"@mail.example.net',
]

/** Addresses of recipients: those with a secret are found, and nobody else's. */
export const mailAddressTarget = defineTarget('address of a mail', mutated(addresses), async () => {
  const server = await openFuzzServer()
  const { store, directory, clock } = server.context
  const { pingId } = await server.addSet()
  const known = { store, pings: buildPingDirectory(store, directory), domains: settings.domains }
  return {
    async check(address) {
      const filled = address.replaceAll('{id}', pingId).replaceAll('{key}', server.pingKey)
      const target = await findTarget(known, filled, clock())
      if (typeof target === 'string') return
      const isSecret = filled.toLowerCase().startsWith(pingId) || filled.startsWith(server.pingKey)
      assert(isSecret, `${filled} is taken without a secret`)
      // What is no name of a host is written as one first: a line end goes, %2E is a dot.
      const domain = filled.slice(filled.lastIndexOf('@') + 1)
      if (/^[\w.-]*$/.test(domain)) assert.match(domain, /^mail\.example\.net\.?$/i, 'taken for another domain')
    },
    close: server.close,
  }
})
