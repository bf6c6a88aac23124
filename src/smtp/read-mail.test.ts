import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionOf, recordedCases, recordedOutput, recordedTools } from '../../test/support/recorded-cases.ts'
import { backupTools } from '../backup-tools/index.ts'
import type { MailReading } from '../domain/mail-run.ts'
import { readMail } from './read-mail.ts'

const statusOf = (reading: MailReading) => conditionOf({ ...reading, plugin: reading.plugin, version: null }).status

const cases = recordedTools.flatMap(tool => recordedCases(tool).map(recorded => ({ tool, recorded })))

/** The text of a mail in which a recorded output is sent. */
function textOf({ tool, recorded }: (typeof cases)[number]): string {
  const { stdout, stderr } = recordedOutput(tool, recorded)
  return `${stdout}\n${stderr}`
}

/** What says itself that all went well: that it did not, only the end of the process told. */
const deceptive = new Set(['borgmatic-1.7.7-sigterm', 'restic-0.19.0-forget-partly-failed-documented'])
const honest = cases.filter(({ recorded }) => !deceptive.has(recorded.case))

test.each(honest.map(one => [one.recorded.case, one] as const))('%s is no better in a mail', (_, one) => {
  const subject = `Cron <root@nas> ${one.recorded.command}`
  for (const name of [null, one.tool]) {
    const { reading } = readMail(name, { subject, text: textOf(one) })
    if (reading && statusOf(reading) === 'COMPLETED') expect(one.recorded.expected.status).toBe('COMPLETED')
  }
})

describe('mails of programs that report by mail are read as what they are', () => {
  const mailed = new Set(['veeam', 'bacula', 'synology', 'vzdump', 'duplicati', 'windows-server-backup'])
  const documented = cases.filter(({ tool, recorded }) => mailed.has(tool) && recorded.exitStatus === null)

  test.each(documented.map(one => [one.recorded.case, one] as const))('%s', (_, one) => {
    const { reading } = readMail(one.tool, { subject: 'Backup', text: textOf(one) })
    expect(reading && statusOf(reading)).toBe(one.recorded.expected.status)
  })
})

test('the subject counts where it is a part of the report', () => {
  const table =
    'Success\n2\nWarning\n0\nError\n0\nStart time\n2:00\nEnd time\n2:12\nDuration\n0:12\nVeeam Backup & Replication 12.1'
  expect(readMail(null, { subject: '[Success] Nightly VMs', text: table }).reading?.state).toBe('finished')
  expect(readMail(null, { subject: '[Failed] Nightly VMs', text: table }).reading?.state).toBe('failed')
})

describe('a mail of cron', () => {
  const subject = 'Cron <root@nas> /usr/local/bin/backup'

  test('with the output of a tool that says itself that it went well is a success', () => {
    const good = cases.find(({ tool, recorded }) => tool === 'restic' && recorded.expected.status === 'COMPLETED')
    const { reading } = readMail(null, { subject, text: good ? textOf(good) : '' })
    expect(reading).toMatchObject({ state: 'finished', warnings: 0 })
    expect(reading?.tool).toMatch(/^restic/)
  })

  test('without a text tells nothing', () => {
    expect(readMail(null, { subject, text: '' }).reading).toBeNull()
  })

  test('of a command that nothing is known of tells nothing, whatever it prints', () => {
    expect(readMail(null, { subject, text: 'success: backup completed successfully' }).reading).toBeNull()
  })
})

test('a mail that is not of the tool that was named is not read, and says so', () => {
  expect(readMail('veeam', { subject: 'Hello', text: 'success' })).toEqual({
    reading: null,
    complaint: 'This is not the output of veeam.',
  })
})

test('whatever the text, reading throws nothing, and green is only what an adapter calls so', () => {
  const texts = cases.map(textOf)
  const piece = fc.oneof(
    fc.constantFrom(...texts).chain(text => fc.nat(text.length).map(from => text.slice(from, from + 2_000))),
    fc.string({ unit: 'binary' }),
  )
  const names = fc.option(fc.constantFrom(...backupTools.map(({ name }) => name)))
  fc.assert(
    fc.property(names, fc.string(), fc.array(piece, { maxLength: 4 }), (name, subject, pieces) => {
      const { reading } = readMail(name, { subject, text: pieces.join('\n') })
      if (reading) expect(reading.tool).not.toMatch(/^generic/)
    }),
    { numRuns: 300 },
  )
})
