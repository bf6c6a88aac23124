import { createTransport, type SendMailOptions } from 'nodemailer'
import { expect, test } from 'vitest'
import { type EndedProcess } from '../support/lastgood-process.ts'
import { json, lastgood, newDatabase, startServer, stop } from '../support/lastgood-server.ts'
import { recordedCases, recordedOutput } from '../support/recorded-cases.ts'

const mailSettings = { LASTGOOD_SMTP_PORT: '0', LASTGOOD_SMTP_DOMAIN: 'mail.example.net' }

/** A server that takes mails, with the account acme, a computer and the set Documents. */
async function startMailServer(file: string) {
  const server = await startServer(file, mailSettings)
  const port = Number(/Report mails are taken on 127\.0\.0\.1:(\d+)\n/.exec(server.greeting)?.[1])
  await json(file, 'account', 'add', 'acme', '--time-zone', 'Europe/Berlin')
  const run = (...args: string[]) => lastgood(file, args, mailSettings)
  const added = await run('computer', 'add', 'acme', '--name', 'NAS', '--json')
  const { mail_address: inboxAddress } = JSON.parse(added.stdout) as { mail_address: string }
  const set = await run('set', 'add', 'acme', '0000', 'Documents', '--json')
  const { mail_address: setAddress } = JSON.parse(set.stdout) as { mail_address: string }
  return { server, port, inboxAddress, setAddress, run }
}

async function send(port: number, mail: SendMailOptions): Promise<string> {
  const transport = createTransport({ host: '127.0.0.1', port })
  try {
    return (await transport.sendMail({ from: 'root@nas.example.net', ...mail })).response
  } finally {
    transport.close()
  }
}

const report = (file: string) =>
  json<{ backupset_name: string; condition_status: string; condition_types: string[] }[]>(
    file,
    'report',
    'acme',
    '0000',
  )

function resticOutput(): string {
  const good = recordedCases('restic').find(
    ({ expected }) => expected.type === 'backup' && expected.status === 'COMPLETED',
  )
  return good ? recordedOutput('restic', good).stdout : ''
}

test('a mail of cron to the address of a set is a run of it', async () => {
  using database = newDatabase()
  const { server, port, setAddress } = await startMailServer(database.file)
  await using _ = server
  const subject = 'Cron <root@nas> restic backup --json /home'
  expect(await send(port, { to: setAddress, subject, text: resticOutput() })).toBe('250 2.0.0 The mail is stored.')
  expect(await report(database.file)).toMatchObject([{ backupset_name: 'Documents', condition_status: 'COMPLETED' }])
  await send(port, { to: setAddress, subject: 'Cron <root@nas> backup', text: 'success' })
  expect(await report(database.file)).toMatchObject([{ condition_status: 'WARNING' }])
  await stop(server)
})

test('a mail waits in the inbox until a rule is made for it', async () => {
  using database = newDatabase()
  const { server, port, inboxAddress, run } = await startMailServer(database.file)
  await using _ = server
  const said = ({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }) => [
    status,
    stdout + stderr,
  ]
  expect((await run('inbox', 'list', 'acme', '0000')).stdout).toContain('Mails to PING_KEY@DOMAIN arrive here')
  expect((await run('mail-rule', 'list', 'acme', '0000')).stdout).toContain('Add one with: lastgood mail-rule add')

  await send(port, { to: inboxAddress, subject: 'PC backup', text: 'The job is completed.\u001B[31m' })
  await send(port, { to: inboxAddress, subject: 'Disk report', text: 'One disk is hot.' })
  const mails = await json<{ mail_id: number; reason: string }[]>(database.file, 'inbox', 'list', 'acme', '0000')
  expect(mails).toMatchObject([
    { subject: 'PC backup', from: 'root@nas.example.net', reason: 'No rule is for it.' },
    { subject: 'Disk report' },
  ])
  const [first, second] = mails.map(({ mail_id }) => String(mail_id))
  const shown = await run('inbox', 'show', 'acme', '0000', first ?? '')
  expect(shown.stdout).toContain('The job is completed.')
  expect(shown.stdout).not.toContain('\u001B')

  const rule = ['mail-rule', 'add', 'acme', '0000', 'Documents', '--subject', 'pc backup', '--success', 'completed']
  expect((await run(...rule)).stdout).toContain('1 became runs; 1 still wait')
  expect(await report(database.file)).toMatchObject([{ condition_status: 'COMPLETED' }])

  expect(said(await run('inbox', 'assign', 'acme', '0000', second ?? '', 'Documents'))).toEqual([
    0,
    `Mail ${second} is now a run of Documents: a warning: nothing in it surely tells how the backup ended.\n`,
  ])
  expect(said(await run('inbox', 'remove', 'acme', '0000', second ?? ''))[0]).toBe(1)
  const [{ rule_id: ruleId } = { rule_id: 0 }] = await json<{ rule_id: number }[]>(
    database.file,
    'mail-rule',
    'list',
    'acme',
    '0000',
  )
  expect(said(await run('mail-rule', 'remove', 'acme', '0000', String(ruleId)))[0]).toBe(0)
  await stop(server)
})

test('the command line refuses what cannot be, and says why', async () => {
  using database = newDatabase()
  await json(database.file, 'account', 'add', 'acme')
  await json(database.file, 'computer', 'add', 'acme', '--name', 'NAS')
  await json(database.file, 'set', 'add', 'acme', '0000', 'Documents')
  const add = ['mail-rule', 'add', 'acme', '0000', 'Documents']
  const wrong: [string[], number, string][] = [
    [add, 1, 'The rule says nothing'],
    [[...add, '--success', 'a,,b'], 2, 'must not be empty'],
    [[...add, '--tool', 'magic'], 2, 'There are restic'],
    [[...add, '--from', 'a', '--otherwise', 'green'], 2, 'inbox, failure'],
    [['mail-rule', 'remove', 'acme', '0000', '7'], 1, 'has no rule 7'],
    [['inbox', 'show', 'acme', '0000', '7'], 1, 'has no mail 7'],
    [['inbox', 'show', 'acme', '0000', 'x'], 2, 'whole number'],
    [['inbox', 'assign', 'acme', '0000', '7', 'Documents'], 1, 'has no mail 7'],
  ]
  for (const [args, status, message] of wrong) {
    const ended = await lastgood(database.file, args)
    expect([args, ended.status, ended.stderr]).toEqual([args, status, expect.stringContaining(message)])
  }
})

test.each([
  [{ LASTGOOD_SMTP_PORT: '2525' }, 'LASTGOOD_SMTP_DOMAIN: must name the domain'],
  [{ ...mailSettings, LASTGOOD_SMTP_HOST: '192.0.2.1' }, 'name one with LASTGOOD_SMTP_HOST'],
  [{ ...mailSettings, LASTGOOD_SMTP_TLS_CERT: '/gone', LASTGOOD_SMTP_TLS_KEY: '/gone' }, 'cannot be used'],
])('a server with the settings %j does not start, and says why', async (env, message) => {
  using database = newDatabase()
  const { status, stderr }: Pick<EndedProcess, 'status' | 'stderr'> = await lastgood(
    database.file,
    ['serve', '--port', '0'],
    env,
  )
  expect(status).toBe(1)
  expect(stderr).toContain(message)
})
