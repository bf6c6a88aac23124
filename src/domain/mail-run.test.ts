import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy, deriveRunCondition, isGoodBackup } from './condition.ts'
import { days, hours, minutes } from './instant.ts'
import { toLocalTime } from './local-time.ts'
import type { Mail, MailRule } from './mail.ts'
import { deriveMailVerdict, type MailReading, type MailRun, toUnclearRun } from './mail-run.ts'
import { runStates, type RunState } from './run.ts'
import { toRunReport } from './run-report.ts'

const now = Date.UTC(2026, 2, 5, 15)
const zone = 'America/New_York'

const aMail = (mail: Partial<Mail> = {}): Mail => ({
  key: 'a'.repeat(64),
  sender: 'nas@example.net',
  subject: 'Backup',
  sentAt: now - minutes(1),
  receivedAt: now,
  text: 'Something happened.',
  damage: null,
  notReport: null,
  ...mail,
})

const aReading = (reading: Partial<MailReading> = {}): MailReading => ({
  type: 'backup',
  plugin: null,
  state: 'finished',
  startedAt: null,
  endedAt: null,
  totalFiles: 3,
  processedFiles: 3,
  newFiles: 1,
  bytes: 1_000,
  errors: 0,
  warnings: 0,
  tool: 'veeam',
  messages: [],
  ...reading,
})

const aRule = (rule: Partial<MailRule> = {}): MailRule => ({
  id: 1,
  accountId: 1,
  computerKey: 1,
  setId: 1,
  from: null,
  subject: null,
  body: null,
  tool: null,
  success: ['good'],
  failure: ['bad'],
  otherwise: 'inbox',
  createdAt: now,
  ...rule,
})

const verdictOf = (mail: Mail, reading: MailReading | null, rule: MailRule | null = null) =>
  deriveMailVerdict({ mail, zone }, { reading, rule, complaint: null })

function runOf(mail: Mail, reading: MailReading | null, rule: MailRule | null = null): MailRun {
  const verdict = verdictOf(mail, reading, rule)
  if (verdict.kind !== 'run') throw new Error(`It is ${verdict.kind}.`)
  return verdict.run
}

/** What a run amounts to, once it is recorded. */
function factsOf(run: MailRun) {
  const report = toRunReport({ ...run, runKey: null, backupsetName: 'Documents' }, now, {
    newRunKey: () => 'key',
    redact: text => text,
  })
  return { ...report, plugin: report.plugin ?? ('file' as const) }
}

function typesOf(run: MailRun): string[] {
  return deriveRunCondition(factsOf(run), hours(24), now, defaultPolicy).types
}

describe('what a mail tells', () => {
  test.each([
    ['what an adapter read', aMail(), aReading(), null, ['COMPLETED']],
    [
      'what an adapter read, though a word is missing',
      aMail(),
      aReading(),
      aRule({ otherwise: 'failure' }),
      ['COMPLETED'],
    ],
    [
      'a failure that an adapter read',
      aMail({ text: 'good' }),
      aReading({ state: 'failed', errors: 1 }),
      aRule(),
      ['ERRORS'],
    ],
    ['a word of a failure before an adapter', aMail({ text: 'bad' }), aReading(), aRule(), ['ERRORS']],
    [
      'a word of a failure while a run goes on',
      aMail({ text: 'bad' }),
      aReading({ state: 'running' }),
      aRule(),
      ['ERRORS'],
    ],
    ['a word of a success', aMail({ text: 'good' }), null, aRule(), ['COMPLETED']],
    ['both words', aMail({ text: 'good or bad' }), null, aRule(), ['ERRORS']],
    ['no word where that is a failure', aMail(), null, aRule({ otherwise: 'failure' }), ['ERRORS']],
  ])('%s', (_, mail, reading, rule, types) => {
    expect(typesOf(runOf(mail, reading, rule))).toEqual(types)
  })

  test('is nothing where there is no word and no adapter', () => {
    expect(verdictOf(aMail(), null)).toMatchObject({ kind: 'unclear' })
    expect(verdictOf(aMail(), null, aRule())).toMatchObject({ kind: 'unclear' })
  })

  test('is no run while it tells of one that has not ended', () => {
    expect(verdictOf(aMail(), aReading({ state: 'running' }))).toMatchObject({ kind: 'unfinished' })
  })
})

describe('a doubtful success is a warning and no good backup', () => {
  test.each([
    ['of a damaged mail', aMail({ damage: 'It is cut.' }), aReading()],
    ['of a mail that is weeks old', aMail({ sentAt: now - days(20) }), aReading()],
    ['of a report from the future', aMail(), aReading({ endedAt: toLocalTime(now + days(3), zone) })],
    [
      'of a report that ends before it starts',
      aMail(),
      aReading({ startedAt: toLocalTime(now, zone), endedAt: toLocalTime(now - hours(1), zone) }),
    ],
  ])('%s', (_, mail, reading) => {
    const run = runOf(mail, reading)
    expect(typesOf(run)).toEqual(['CANCELED', 'WARNINGS'])
    expect(isGoodBackup(factsOf(run))).toBe(false)
  })

  test('where nothing tells how it ended', () => {
    const run = toUnclearRun({ mail: aMail(), zone }, 'Nothing in it tells.')
    expect(typesOf(run)).toEqual(['CANCELED', 'WARNINGS'])
    expect(isGoodBackup(factsOf(run))).toBe(false)
    expect(run.messages).toEqual([{ level: 'warning', text: 'Nothing in it tells.' }])
  })
})

describe('times', () => {
  test('are those of the report', () => {
    const [startedAt, endedAt] = [toLocalTime(now - hours(3), 'UTC'), toLocalTime(now - hours(2), 'UTC')]
    expect(runOf(aMail(), aReading({ startedAt, endedAt }))).toMatchObject({ startedAt, endedAt })
  })

  test('are else that of the mail, on the clock of the computer', () => {
    const run = runOf(aMail(), aReading())
    expect(run).toMatchObject({ startedAt: null, endedAt: { at: now - minutes(1), offsetMinutes: -300 } })
    expect(runOf(aMail({ sentAt: null }), aReading()).endedAt?.at).toBe(now)
  })

  test('never let a run end before it started', () => {
    const startedAt = toLocalTime(now + minutes(5), zone)
    expect(runOf(aMail(), aReading({ startedAt })).endedAt?.at).toBe(startedAt.at)
  })
})

test('the log has the headers that matter, and the text', () => {
  expect(runOf(aMail(), aReading()).log).toBe(
    'From: nas@example.net\nSubject: Backup\nDate: 2026-03-05T09:59:00-05:00\n\nSomething happened.',
  )
})

test('whatever was read and whatever the mail, the run can be recorded, and is never better than what was read', () => {
  const time = fc.option(fc.integer({ min: now - days(400), max: now + days(400) }).map(at => toLocalTime(at, zone)))
  const reading = fc.record({
    state: fc.constantFrom(...(Object.keys(runStates) as RunState[])),
    startedAt: time,
    endedAt: time,
    errors: fc.nat(3),
    warnings: fc.nat(3),
  })
  const mail = fc.record({
    sentAt: fc.option(fc.integer({ min: 0, max: now + days(400) })),
    text: fc.constantFrom('good', 'bad', 'good bad', 'neither', ''),
    damage: fc.option(fc.constant('It is cut.')),
  })
  const rule = fc.option(fc.record({ otherwise: fc.constantFrom('inbox' as const, 'failure' as const) }))
  fc.assert(
    fc.property(fc.option(reading), mail, rule, (read, sent, ruled) => {
      const verdict = verdictOf(aMail(sent), read && aReading(read), ruled && aRule(ruled))
      if (verdict.kind !== 'run') return
      const isGreen = typesOf(verdict.run).includes('COMPLETED')
      if (!isGreen) return
      expect(sent.damage).toBeNull()
      expect(sent.text).not.toContain('bad')
      if (read) expect([read.state, read.errors, read.warnings]).toEqual(['finished', 0, 0])
      else expect([sent.text, ruled === null]).toEqual(['good', false])
    }),
    { numRuns: 1_000 },
  )
})
