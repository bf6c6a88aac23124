import * as fc from 'fast-check'
import { recordedCases, recordedOutput } from '../../support/recorded-cases.ts'
import { mutated, odd } from '../mutations.ts'
import { toolOutputs } from './requests.ts'

const inBase64 = (text: string): string[] => [
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  ...(Buffer.from(text)
    .toString('base64')
    .match(/.{1,76}/g) ?? []),
]

/** How a text travels: as it is, or encoded, or beside another part. */
const wrappings = {
  plain: (text: string) => ['Content-Type: text/plain; charset=utf-8', '', text],
  base64: inBase64,
  html: (text: string) => ['Content-Type: text/html; charset=utf-8', '', `<pre>${escape(text)}</pre>`],
  alternative: (text: string) => [
    'Content-Type: multipart/alternative; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'See the other part.',
    '--b',
    ...inBase64(text),
    '--b--',
  ],
  attached: (text: string) => [
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    '--b',
    ...inBase64(text),
    '--b',
    'Content-Type: application/zip',
    'Content-Disposition: attachment; filename="success.zip"',
    '',
    'Backup completed successfully',
    '--b--',
  ],
} satisfies Record<string, (text: string) => string[]>

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Mails from which nobody can tell how a backup ended. */
const prose = [
  'Hello,\n\nthe printer on the second floor is out of paper.\n',
  'Backup\n',
  'The job Nightly has begun.\nIt is told when it ends.\n',
  'Cron <root@nas> /usr/local/bin/backup\n',
  '<table><tr><td>Job</td><td>Nightly</td></tr></table>\n',
]

const veeamMails = recordedCases('veeam')
  .map(one => recordedOutput('veeam', one).stdout)
  .map(text => text.replace(/^Subject:.*\n+/, ''))

/** What the rule of every set calls a failure. */
export const failureWord = 'it failed badly'
const subjects = ['Cron <root@nas> backup', 'vzdump backup status (pve1): backup successful', '[Success] Nightly VMs']

/** A mail by what it says: nothing at all, a failure, or whatever tools print. Headers are real or odd. */
const said = fc.oneof(
  fc.record({ kind: fc.constant('nothing' as const), subject: fc.constant('Backup'), text: mutated(prose) }),
  fc.record({
    kind: fc.constant('failed veeam' as const),
    subject: fc.constant('[Failed] Nightly VMs'),
    text: mutated(veeamMails),
  }),
  fc.record({
    kind: fc.constant('a failing word' as const),
    subject: fc.constantFrom(...subjects),
    text: fc.tuple(mutated(toolOutputs), mutated(toolOutputs)).map(parts => parts.join(`\n${failureWord}\n`)),
  }),
  fc.record({ kind: fc.constant('anything' as const), subject: mutated(subjects), text: mutated(toolOutputs) }),
)

const dates = ['Thu, 05 Mar 2026 14:59:00 +0000', 'Thu, 01 Jan 1970 00:00:00 +0000', 'Fri, 31 Dec 9999 23:59:59 -1200']
const headers = fc.record({
  date: fc.oneof({ weight: 6, arbitrary: fc.constant(dates[0] ?? '') }, fc.constantFrom(...dates), mutated(dates)),
  id: fc.oneof(fc.constant('<1@nas>'), odd),
})

/** Mails as bytes: what they say, how it travels, and what became of it on its way. */
export const fuzzMails = fc.record({
  said,
  wrapping: fc.constantFrom(...(Object.keys(wrappings) as (keyof typeof wrappings)[])),
  headers,
  damage: fc.option(fc.record({ at: fc.nat(1_000_000), count: fc.nat(2_000), piece: odd }), { freq: 1 }),
  chunk: fc.integer({ min: 1, max: 5_000 }),
  isForInbox: fc.boolean(),
})

/** One of them. */
export type FuzzMail = typeof fuzzMails extends fc.Arbitrary<infer One> ? One : never

const oneLine = (text: string) => text.replaceAll(/[\r\n]+/g, ' ')

/** The bytes of a mail; damaged ones lack a piece, or have one that is odd. */
export function toBytes({ said: { subject, text }, wrapping, headers, damage }: FuzzMail): Buffer {
  const head = [`From: nas@example.net`, `Subject: ${oneLine(subject)}`, `Date: ${oneLine(headers.date)}`]
  const lines = [...head, `Message-ID: ${oneLine(headers.id)}`, 'MIME-Version: 1.0', ...wrappings[wrapping](text), '']
  const bytes = Buffer.from(lines.join('\r\n'))
  if (damage === null) return bytes
  const at = damage.at % bytes.length
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(damage.piece), bytes.subarray(at + damage.count)])
}
