import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess } from '../support/lastgood-process.ts'
import { json, lastgood, newDatabase, startServer } from '../support/lastgood-server.ts'
import { recordedCases, recordedOutput } from '../support/recorded-cases.ts'
import { describeTool } from './support/describe-tool.ts'

const settings = { LASTGOOD_SMTP_PORT: '0', LASTGOOD_SMTP_DOMAIN: 'mail.example.net' }

/** How swaks ends, by its manual. */
const exits = { sent: 0, recipientRefused: 24, noTls: 29 }

/** A server of its own that takes mails, with a computer and its set Documents. */
async function aMailbox() {
  const database = newDatabase()
  onTestFinished(() => database[Symbol.dispose]())
  const admin = async <Printed>(...args: string[]) => {
    const { stdout } = await lastgood(database.file, [...args, '--json'], settings)
    return JSON.parse(stdout) as Printed
  }
  await json(database.file, 'account', 'add', 'acme')
  const server = await startServer(database.file, settings)
  onTestFinished(() => server[Symbol.asyncDispose]())
  type Added = { mail_address: string }
  const { mail_address: inboxAddress } = await admin<Added>('computer', 'add', 'acme', '--name', 'NAS')
  const { mail_address: setAddress } = await admin<Added>('set', 'add', 'acme', '0000', 'Documents')
  const port = /Report mails are taken on 127\.0\.0\.1:(\d+)\n/.exec(server.greeting)?.[1] ?? ''
  return {
    setAddress,
    inboxAddress,
    /** Sends a text; answers how swaks ended, and the last thing that it was told before the end of the session. */
    send: async (to: string, { subject, text }: { subject: string; text: string }, options: readonly string[] = []) => {
      const file = path.join(database.folder, 'mail.txt')
      writeFileSync(file, text)
      const said = [
        '--from',
        'root@nas.example.net',
        '--to',
        to,
        '--header',
        `Subject: ${subject}`,
        '--body',
        `@${file}`,
      ]
      const line = ['swaks', '--server', '127.0.0.1', '--port', port, ...said, ...options]
      const { status, stdout } = await startProcess(line).ended
      const answers = stdout.toString().match(/^<[-*~=]{0,2}\*? +\d{3} .*$/gm) ?? []
      return { exit: status, answer: answers.at(-2)?.replace(/^\S+ +/, '') }
    },
    report: () => admin<{ condition_status: string; condition_types: string[] }[]>('report', 'acme', '0000'),
    inbox: () => admin<{ subject: string; reason: string }[]>('inbox', 'list', 'acme', '0000'),
  }
}

function outputOf(tool: string, name: string): string {
  const recorded = recordedCases(tool).find(one => one.case === name)
  if (!recorded) throw new Error(`${tool} has no recorded case ${name}.`)
  return recordedOutput(tool, recorded).stdout
}

const stored = { exit: exits.sent, answer: '250 2.0.0 The mail is stored.' }

describeTool(
  'mail',
  () => {
    test.each([
      [
        'a job of vzdump',
        'vzdump backup status (pve1): backup successful',
        'vzdump',
        'vzdump-8.2-mail-ok-documented',
        'COMPLETED',
      ],
      [
        'a job of vzdump of which one guest failed',
        'vzdump backup status (pve1): backup failed',
        'vzdump',
        'vzdump-8.2-mail-one-failed-documented',
        'FAILURE',
      ],
    ])('%s, sent to the address of a set, is a run of it', async (_, subject, tool, name, status) => {
      const { send, setAddress, report, inbox } = await aMailbox()
      expect(await send(setAddress, { subject, text: outputOf(tool, name) })).toEqual(stored)
      expect([await report(), await inbox()]).toMatchObject([[{ condition_status: status }], []])
    })

    test('a mail of cron that only claims a success is not green', async () => {
      const { send, setAddress, report } = await aMailbox()
      expect(await send(setAddress, { subject: 'Cron <root@nas> backup', text: 'success' })).toEqual(stored)
      expect(await report()).toMatchObject([{ condition_status: 'WARNING', condition_types: ['CANCELED', 'WARNINGS'] }])
    })

    test('commands that are sent before the answers come are answered in order', async () => {
      const { send, setAddress, report } = await aMailbox()
      const text = outputOf('vzdump', 'vzdump-8.2-mail-ok-documented')
      expect(await send(setAddress, { subject: 'vzdump', text }, ['--pipeline'])).toEqual(stored)
      expect(await report()).toMatchObject([{ condition_status: 'COMPLETED' }])
    })

    test('a mail that nothing is known of waits in the inbox', async () => {
      const { send, inboxAddress, report, inbox } = await aMailbox()
      expect(await send(inboxAddress, { subject: 'Disk report', text: 'One disk is hot.' })).toEqual(stored)
      expect([await inbox(), await report()]).toMatchObject([
        [{ subject: 'Disk report', reason: 'No rule is for it.' }],
        [],
      ])
    })

    test('nothing is relayed, and nobody is taken for somebody', async () => {
      const { send, report, inbox } = await aMailbox()
      const mail = { subject: 'Hello', text: 'success' }
      const refused = async (to: string) => {
        const { exit, answer } = await send(to, mail)
        return [exit, answer?.slice(0, '550 5.7.1'.length)]
      }
      expect(await refused('somebody@example.org')).toEqual([exits.recipientRefused, '550 5.7.1'])
      expect(await refused('root@mail.example.net')).toEqual([exits.recipientRefused, '550 5.1.1'])
      expect([await report(), await inbox()]).toEqual([[], []])
    })

    test('a sender that insists on TLS, where there is no certificate, sends nothing', async () => {
      const { send, setAddress, report } = await aMailbox()
      const mail = { subject: 'Cron', text: 'success' }
      expect(await send(setAddress, mail, ['--tls'])).toMatchObject({ exit: exits.noTls })
      expect(await report()).toEqual([])
    })

    test('a sender that goes away in the middle of its mail leaves nothing', async () => {
      const { send, setAddress, report, inbox } = await aMailbox()
      const mail = { subject: 'Cron', text: outputOf('vzdump', 'vzdump-8.2-mail-ok-documented') }
      await send(setAddress, mail, ['--drop-after-send', 'DATA'])
      expect([await report(), await inbox()]).toEqual([[], []])
    })
  },
  ['swaks'],
)
