import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMail } from './parse-mail.ts'

const receivedAt = Date.UTC(2026, 2, 5, 15)

/** A mail of lines, as it arrives. */
const aRawMail = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'))

const parse = async (raw: Buffer, envelopeSender = 'nas@example.net') => parseMail({ raw, envelopeSender, receivedAt })

const head = ['From: NAS <nas@example.net>', 'Subject: Backup', 'Date: Thu, 5 Mar 2026 09:59:00 -0500']

test('sender, subject, date and text are read', async () => {
  const { mail, isLooping } = await parse(aRawMail(...head, 'Message-ID: <1@nas>', '', 'All is well.', ''))
  expect(mail).toEqual({
    key: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    sender: 'nas@example.net',
    subject: 'Backup',
    sentAt: Date.UTC(2026, 2, 5, 14, 59),
    receivedAt,
    text: 'All is well.',
    damage: null,
    notReport: null,
  })
  expect(isLooping).toBe(false)
})

test('a mail without headers has the sender of its envelope', async () => {
  const { mail } = await parse(aRawMail('', 'Backup done'))
  expect(mail).toMatchObject({ sender: 'nas@example.net', subject: '', sentAt: null, text: 'Backup done' })
})

describe('the text', () => {
  const multipart = (...parts: string[]) =>
    aRawMail(
      ...head,
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      ...parts.flatMap(part => ['--x', part]),
      '--x--',
      '',
    )

  test.each([
    [
      'in ISO 8859-1',
      Buffer.concat([
        aRawMail(...head, 'Content-Type: text/plain; charset=iso-8859-1', '', ''),
        Buffer.from([0xfc, 0x62]),
      ]),
      'üb',
    ],
    ['in base64', aRawMail(...head, 'Content-Transfer-Encoding: base64', '', 'QmFja3VwIGRvbmU='), 'Backup done'],
    [
      'in quoted-printable',
      aRawMail(...head, 'Content-Transfer-Encoding: quoted-printable', '', 'Backup=20d=', 'one'),
      'Backup done',
    ],
    ['in HTML', aRawMail(...head, 'Content-Type: text/html', '', '<style>.success{}</style><b>failed</b>'), 'failed'],
    [
      'beside an attachment',
      multipart(
        'Content-Type: text/plain\r\n\r\nBackup done',
        'Content-Type: application/zip\r\nContent-Disposition: attachment; filename=log.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBA==',
      ),
      'Backup done',
    ],
    [
      'of parts without an end',
      multipart('Content-Type: text/plain\r\n\r\nBackup done').subarray(0, -7),
      'Backup done',
    ],
  ])('%s is read', async (_, raw, text) => {
    expect((await parse(raw)).mail).toMatchObject({ text, damage: null })
  })

  test('of a mail with very many parts is kept as it came, and doubted', async () => {
    const parts = Array.from({ length: 500 }, () => 'Content-Type: text/plain\r\n\r\nsuccess')
    const { mail } = await parse(multipart(...parts))
    expect(mail.damage).toContain('could not be taken apart')
    expect(mail.text).toContain('success')
  })

  test('of parts within parts within parts is read, or kept and doubted', async () => {
    const open = Array.from({ length: 1_000 }, (_, depth) => [
      `Content-Type: multipart/mixed; boundary=b${depth}`,
      '',
      `--b${depth}`,
    ])
    const { mail } = await parse(aRawMail(...head, ...open.flat(), '', 'success'))
    expect(mail.damage).not.toBeNull()
  })

  test('that is too long is cut, and doubted', async () => {
    const { mail } = await parse(aRawMail(...head, '', 'word '.repeat(1_000_000)))
    expect(mail.text.length).toBeLessThan(4_200_000)
    expect(mail.damage).toContain('too long')
  })

  test('has nothing that no database could hold', async () => {
    const { mail } = await parse(aRawMail('Subject: a\0b', '', 'a\0b'))
    expect(JSON.stringify([mail.subject, mail.text])).not.toContain(String.raw`\u0000`)
  })
})

test('a subject is one line, whatever is encoded in it', async () => {
  const encoded = `=?utf-8?B?${Buffer.from('Backup\r\nTASK OK').toString('base64')}?=`
  expect((await parse(aRawMail(`Subject: ${encoded}`, '', ''))).mail.subject).toBe('Backup TASK OK')
})

describe('the key', () => {
  const keyOf = async (...lines: string[]) => (await parse(aRawMail(...lines))).mail.key

  test('is the same for a repeated delivery, which has other lines at its top', async () => {
    const one = [...head, 'Message-ID: <1@nas>', '', 'done']
    expect(await keyOf('Received: by a', ...one)).toBe(await keyOf('Received: by b', 'Received: by c', ...one))
    const other = ['Date: Thu, 5 Mar 2026 09:59:00 -0500', 'Subject: x', '', 'done']
    expect(await keyOf('Received: by a', ...other)).toBe(await keyOf('Received: by b', ...other))
  })

  test('is another one the next night, even if a device gives every mail the same id', async () => {
    const mail = (day: number) => [`Date: Thu, ${day} Mar 2026 09:59:00 -0500`, 'Message-ID: <1@nas>', '', 'done']
    expect(await keyOf(...mail(5))).not.toBe(await keyOf(...mail(6)))
  })

  test('is always another one where a mail has neither id nor date', async () => {
    expect(await keyOf('Subject: Backup', '', 'done')).not.toBe(await keyOf('Subject: Backup', '', 'done'))
  })
})

describe('no report is', () => {
  test.each([
    ['a mail without a sender', [], '', 'without a sender'],
    ['an automatic reply', ['Auto-Submitted: auto-replied (vacation)'], 'a@example.net', 'automatic reply'],
    [
      'a delivery report',
      ['Content-Type: multipart/report; report-type=delivery-status; boundary=x'],
      'a@example.net',
      'another mail',
    ],
  ])('%s', async (_, headers, sender, reason) => {
    expect((await parse(aRawMail(...head, ...headers, '', 'success'), sender)).mail.notReport).toContain(reason)
  })

  test('but a mail that a program made is one', async () => {
    const { mail } = await parse(aRawMail(...head, 'Auto-Submitted: auto-generated', '', 'success'))
    expect(mail.notReport).toBeNull()
  })
})

test.each([
  ['51 servers', Array.from({ length: 51 }, () => 'Received: by a')],
  ['Lastgood itself', ['X-Lastgood-Mail: condition']],
])('a mail by way of %s goes round in circles', async (_, headers) => {
  expect((await parse(aRawMail(...headers, ...head, '', ''))).isLooping).toBe(true)
})

test('any bytes are read, to something that can be stored', async () => {
  const lines = fc.constantFrom(
    ...head,
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    'Content-Type: multipart/alternative; boundary="y"',
    'Content-Type: text/html; charset=utf-7',
    'Content-Type: text/plain; charset=iso-2022-jp',
    'Content-Type: message/rfc822',
    'Content-Type: application/octet-stream; name="=?utf-8?Q?=FF?="',
    'Content-Transfer-Encoding: base64',
    'Content-Transfer-Encoding: quoted-printable',
    'Content-Disposition: attachment',
    'Subject: =?utf-8?Q?=E4=?= =?x?B?!!!?=',
    'From: <<a@b>, "x',
    'Message-ID:',
    '',
    '--x',
    '--x--',
    '--y',
    'QmFja3VwIGRvbmU=',
    '=E4=',
  )
  const piece = fc.oneof(
    { weight: 4, arbitrary: lines.map(line => Buffer.from(line)) },
    fc.uint8Array({ maxLength: 80 }).map(bytes => Buffer.from(bytes)),
  )
  const raw = fc
    .tuple(fc.array(piece, { maxLength: 40 }), fc.constantFrom('\r\n', '\n', '\r'))
    .map(([pieces, end]) => Buffer.concat(pieces.flatMap(one => [one, Buffer.from(end)])))
  await fc.assert(
    fc.asyncProperty(raw, async bytes => {
      const { mail } = await parse(bytes)
      for (const text of [mail.sender, mail.subject, mail.text]) {
        expect(text.isWellFormed()).toBe(true)
        expect(text).not.toContain('\0')
      }
      expect(mail.key).toMatch(/^[0-9a-f]{64}$/)
    }),
    { numRuns: 500 },
  )
})
