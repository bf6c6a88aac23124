import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { connect as connectTls } from 'node:tls'
import { createTransport } from 'nodemailer'
import tlsOptions from 'smtp-server/lib/tls-options.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { aMailServer, converse, type MailServer } from '../../test/support/a-mail-server.ts'
import { openTestStore } from '../../test/support/test-store.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { renewPingId } from '../app/backup-sets.ts'
import { minutes } from '../domain/instant.ts'

const runsOf = ({ store, set }: MailServer) => store.listBackupRuns(set.accountId, set.id, 0, 100)
const inboxOf = ({ store, computer }: MailServer) => store.listMails(computer.accountId, computer.key)

/** The files of a certificate that signed itself: the one that the library brings along for tests. */
function aCertificate() {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const { cert = '', key = '' } = tlsOptions() as { cert?: string; key?: string }
  const [certificateFile, keyFile] = [path.join(folder.path, 'cert.pem'), path.join(folder.path, 'key.pem')]
  writeFileSync(certificateFile, cert)
  writeFileSync(keyFile, key)
  return { certificateFile, keyFile }
}

const veeam = {
  subject: '[Success] Nightly VMs (2 machines)',
  html: '<table><tr><td>Success</td><td>2</td></tr><tr><td>Warning</td><td>0</td></tr><tr><td>Error</td><td>0</td></tr></table><p>Start time</p><p>2:00</p><p>End time</p><p>2:12</p><p>Duration</p><p>0:12</p><p>Veeam Backup & Replication 12.1</p>',
}

describe('a mail', () => {
  test('to the address of a set becomes a run of it, and the answer says that it is stored', async () => {
    const server = await aMailServer()
    const date = new Date(server.now - minutes(10))
    const { response } = await server.send({ to: server.setAddress, date, ...veeam })
    expect(response).toBe('250 2.0.0 The mail is stored.')
    expect(await runsOf(server)).toMatchObject([
      { state: 'finished', warnings: 0, processedFiles: 2, tool: 'veeam 12.1', updatedAt: server.now - minutes(10) },
    ])
  })

  test('to a ping key and a slug is about that set, whatever the letter case of the slug', async () => {
    const server = await aMailServer()
    await server.send({ to: `${server.pingKey}+Documents@mail.example.net`, ...veeam })
    expect(await runsOf(server)).toHaveLength(1)
  })

  test('to an unknown slug waits in the inbox, and makes no set', async () => {
    const server = await aMailServer()
    await server.send({ to: `${server.pingKey}+mail@mail.example.net`, ...veeam })
    expect(await inboxOf(server)).toMatchObject([{ slug: 'mail', reason: 'No backup set has the slug mail.' }])
    expect(await server.store.listBackupSets(server.computer.accountId, server.computer.key)).toHaveLength(1)
  })

  test('to a set and to the inbox goes to both', async () => {
    const server = await aMailServer()
    await server.send({ to: [server.setAddress, server.inboxAddress], ...veeam })
    expect([await runsOf(server), await inboxOf(server)]).toMatchObject([
      [{ state: 'finished' }],
      [{ subject: veeam.subject }],
    ])
  })

  test('is delivered once, however often it is sent', async () => {
    const server = await aMailServer()
    const mail = { to: server.setAddress, messageId: '<1@nas>', date: new Date(server.now), ...veeam }
    await server.send(mail)
    await server.send(mail)
    expect(await runsOf(server)).toHaveLength(1)
  })

  test('leaves no trace of its address, in the log of the server or of the run', async () => {
    const server = await aMailServer()
    const secret = server.setAddress.slice(0, 36)
    await server.send({ to: server.setAddress, subject: `To ${secret}`, text: `From cron to ${server.setAddress}` })
    await server.send({ to: `x${server.setAddress}`, text: '' }).catch(() => undefined)
    const [run] = await runsOf(server)
    const log = await server.store.findRunLog(server.computer.accountId, server.computer.key, run?.id ?? 0)
    expect(log?.log).toContain('From cron to [redacted]@mail.example.net')
    expect(JSON.stringify([log, server.logged])).not.toContain(secret)
  })

  test('in another alphabet arrives as it was written', async () => {
    const server = await aMailServer()
    await server.send({ from: 'büro@büro.example', to: server.inboxAddress, subject: 'Sicherung 図書室', text: 'grün' })
    expect(await inboxOf(server)).toMatchObject([{ subject: 'Sicherung 図書室' }])
  })
})

describe('is refused:', () => {
  const refused = async (server: MailServer, to: string, mail = {}) =>
    server.send({ to, text: 'success', ...mail }).then(
      () => 'taken',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    )

  test('a mail for another domain, for nobody, and for a ping URL that was replaced', async () => {
    const server = await aMailServer()
    await renewPingId(server.store, server.set, 0, server.now)
    expect(await refused(server, 'somebody@example.org')).toContain('550 5.7.1')
    expect(await refused(server, server.setAddress.replace('mail.', ''))).toContain('550 5.7.1')
    expect(await refused(server, 'root@mail.example.net')).toContain('550 5.1.1')
    expect(await refused(server, server.setAddress)).toContain('550 5.1.1')
    expect([await runsOf(server), await inboxOf(server)]).toEqual([[], []])
  })

  test('a mail that is too large, whether it says so or not', async () => {
    const server = await aMailServer({ maxBytes: 10_000 })
    expect(await refused(server, server.setAddress, { text: 'x'.repeat(20_000) })).toContain('552')
    const sender = await converse(server.port)
    for (const line of ['EHLO x', 'MAIL FROM:<a@b>', `RCPT TO:<${server.setAddress}>`, 'DATA'])
      await sender.say(`${line}\r\n`)
    expect(await sender.say(`${'x'.repeat(20_000)}\r\n.\r\n`)).toMatch(/^552 5\.3\.4 /)
    expect(await sender.say('NOOP\r\n')).toMatch(/^250/)
    expect(await runsOf(server)).toEqual([])
  })

  test('a mail that goes round in circles', async () => {
    const server = await aMailServer()
    expect(await refused(server, server.setAddress, { headers: { 'X-Lastgood-Mail': '1' } })).toContain('554 5.4.6')
  })

  test('a mail with too many recipients', async () => {
    const server = await aMailServer()
    const slugs = Array.from({ length: 21 }, (_, index) => `${server.pingKey}+s${index}@mail.example.net`)
    const { rejected } = (await server.send({ to: slugs, text: '' })) as unknown as { rejected: string[] }
    expect(rejected).toEqual(slugs.slice(20))
  })

  test('more mails a minute than a computer may get, until the minute has passed', async () => {
    const server = await aMailServer()
    const sender = await converse(server.port)
    await sender.say('EHLO x\r\n')
    await sender.say('MAIL FROM:<a@b>\r\n')
    const answers: string[] = []
    for (let count = 0; count < 121; count += 1) answers.push(await sender.say(`RCPT TO:<${server.setAddress}>\r\n`))
    expect(answers.slice(119)).toEqual(['250 Accepted', expect.stringMatching(/^450 4\.2\.1 /)])
    server.now += minutes(1)
    expect(await sender.say(`RCPT TO:<${server.setAddress}>\r\n`)).toBe('250 Accepted')
  })

  test('whoever guesses at addresses', async () => {
    const server = await aMailServer()
    const sender = await converse(server.port)
    await sender.say('EHLO x\r\n')
    await sender.say('MAIL FROM:<a@b>\r\n')
    const answers: string[] = []
    for (let count = 0; count < 10; count += 1)
      answers.push((await sender.say('RCPT TO:<root@mail.example.net>\r\n')).slice(0, 9))
    expect(answers).toEqual([...Array<string>(9).fill('550 5.1.1'), '421 4.7.0'])
    await sender.ended
  })

  test('more connections from one address than it may have', async () => {
    const { port } = await aMailServer()
    const senders = await Promise.all(Array.from({ length: 20 }, () => converse(port)))
    const late = await converse(port)
    await late.ended
    senders[0]?.socket.destroy()
    await senders[0]?.ended
    expect(await senders[1]?.say('NOOP\r\n')).toMatch(/^250/)
  })

  test('a bounce is no report: it waits in the inbox', async () => {
    const server = await aMailServer()
    await server.send({ envelope: { from: '', to: server.setAddress }, text: 'success' })
    expect(await runsOf(server)).toEqual([])
    expect(await inboxOf(server)).toMatchObject([{ reason: 'It came without a sender, as bounces do.' }])
  })
})

test('a mail is not acknowledged while the database is away, and nothing of it is lost', async () => {
  const { store } = await openTestStore()
  let isAway = true
  const server = await aMailServer(
    {},
    {
      ...store,
      recordRun: (...run) => (isAway ? Promise.reject(new Error('The disk is gone.')) : store.recordRun(...run)),
    },
  )
  await expect(server.send({ to: server.setAddress, ...veeam })).rejects.toThrow('451 4.3.0')
  isAway = false
  await server.send({ to: server.setAddress, ...veeam })
  expect(await runsOf(server)).toHaveLength(1)
})

describe('a sender that', () => {
  test('sends everything at once is served', async () => {
    const server = await aMailServer()
    const sender = await converse(server.port)
    sender.socket.write(
      `EHLO x\r\nMAIL FROM:<a@b> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<${server.setAddress}>\r\nDATA\r\nSubject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n`,
    )
    const answers = []
    for (let count = 0; count < 6; count += 1) answers.push((await sender.hear()).slice(0, 3))
    expect(answers).toEqual(['250', '250', '250', '354', '250', '221'])
    const [run] = await runsOf(server)
    const log = await server.store.findRunLog(server.computer.accountId, server.computer.key, run?.id ?? 0)
    expect(log?.log.endsWith('\n.dot')).toBe(true)
  })

  test('sends byte by byte is served', async () => {
    const server = await aMailServer()
    const sender = await converse(server.port)
    for (const text of [
      'EHLO x\r\n',
      'MAIL FROM:<a@b>\r\n',
      `RCPT TO:<${server.setAddress}>\r\n`,
      'DATA\r\n',
      '\r\nok\r\n.\r\n',
    ]) {
      for (const byte of text) sender.socket.write(byte)
      expect(await sender.hear()).toMatch(/^(?:250|354)/)
    }
    expect(await runsOf(server)).toHaveLength(1)
  })

  test('goes away in the middle of a mail has sent nothing', async () => {
    const server = await aMailServer()
    const sender = await converse(server.port)
    for (const line of ['EHLO x', 'MAIL FROM:<a@b>', `RCPT TO:<${server.setAddress}>`, 'DATA'])
      await sender.say(`${line}\r\n`)
    sender.socket.end('Subject: x\r\n\r\nsuccess')
    await sender.ended
    await server.listener.close()
    expect([await runsOf(server), await inboxOf(server)]).toEqual([[], []])
    expect(server.logged.join('\n')).toContain('a sender went away before the end of its mail')
    expect(server.logged.join('\n')).not.toContain('could not be stored')
  })

  test('talks nonsense is told so, and the others are served', async () => {
    const server = await aMailServer()
    const sender = await converse(server.port)
    for (const text of [
      'FOO\r\n',
      'MAIL FROM:<a@b>\r\n',
      'RCPT TO:x\r\n',
      'DATA\r\n',
      'MAIL\0FROM\r\n',
      'WIZ x\r\n',
      'SHELL\r\n',
    ]) {
      expect(await sender.say(text)).toMatch(/^5\d\d /)
    }
    const http = await converse(server.port)
    expect(await http.say('GET / HTTP/1.1\r\n')).toMatch(/^421/)
    const endless = await converse(server.port)
    expect(await endless.say('x'.repeat(100_000))).toMatch(/^421/)
    await server.send({ to: server.setAddress, ...veeam })
    expect(await runsOf(server)).toHaveLength(1)
  })
})

describe('STARTTLS', () => {
  test('is offered where there is a certificate, and mail comes through it', async () => {
    const server = await aMailServer({ tls: aCertificate() })
    const transport = createTransport({
      host: '127.0.0.1',
      port: server.port,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
    })
    await transport.sendMail({ from: 'nas@example.net', to: server.setAddress, ...veeam })
    transport.close()
    expect(await runsOf(server)).toMatchObject([{ state: 'finished' }])
  })

  test('takes nothing that was sent before it into the secure session', async () => {
    const server = await aMailServer({ tls: aCertificate() })
    const sender = await converse(server.port)
    await sender.say('EHLO x\r\n')
    sender.socket.write(`STARTTLS\r\nMAIL FROM:<a@b>\r\nRCPT TO:<${server.setAddress}>\r\n`)
    expect(await sender.hear()).toMatch(/^220/)
    sender.socket.removeAllListeners('data')
    const secure = connectTls({ socket: sender.socket, rejectUnauthorized: false })
    secure.write('EHLO x\r\nDATA\r\n')
    let heard = ''
    for await (const chunk of secure as AsyncIterable<Buffer>) {
      heard += chunk.toString()
      if (heard.includes('503')) break
    }
    expect(heard).toContain('503')
  })

  test('is not offered without a certificate', async () => {
    const { port } = await aMailServer()
    const sender = await converse(port)
    expect(await sender.say('EHLO x\r\n')).not.toMatch(/STARTTLS|AUTH/)
    expect(await sender.say('STARTTLS\r\n')).toMatch(/^500/)
  })

  test('with files that are no certificate is refused before it begins', async () => {
    const { certificateFile } = aCertificate()
    await expect(aMailServer({ tls: { certificateFile, keyFile: `${certificateFile}.gone` } })).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('LASTGOOD_SMTP_TLS_KEY') as unknown,
    })
  })
})

test('a device that insists on signing in may where the settings say so, with anything', async () => {
  const server = await aMailServer({ takesAnyLogin: true })
  const transport = createTransport({ host: '127.0.0.1', port: server.port, auth: { user: 'nas', pass: 'anything' } })
  await transport.sendMail({ from: 'nas@example.net', to: server.setAddress, ...veeam })
  await expect(transport.sendMail({ from: 'nas@example.net', to: 'somebody@example.org', text: '' })).rejects.toThrow(
    '5.7.1',
  )
  transport.close()
  expect(await runsOf(server)).toHaveLength(1)
})

test('a listener that stops says goodbye to the idle, and answers whoever is in the middle of a mail', async () => {
  const server = await aMailServer()
  const [idle, busy] = [await converse(server.port), await converse(server.port)]
  for (const line of ['EHLO x', 'MAIL FROM:<a@b>', `RCPT TO:<${server.setAddress}>`, 'DATA'])
    await busy.say(`${line}\r\n`)
  const closed = server.listener.close()
  expect(await idle.hear()).toMatch(/^421 4\.3\.2/)
  expect(await busy.say('\r\nok\r\n.\r\n')).toBe('250 2.0.0 The mail is stored.')
  await closed
  expect(await runsOf(server)).toHaveLength(1)
})
