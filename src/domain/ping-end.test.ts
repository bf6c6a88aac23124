import { describe, expect, test } from 'vitest'
import { type BodyReading, derivePingEnd } from './ping-end.ts'

const read: BodyReading = {
  type: 'backup',
  plugin: null,
  state: 'finished',
  totalFiles: 10,
  processedFiles: 10,
  newFiles: 2,
  bytes: 400,
  errors: 0,
  warnings: 0,
  messages: [],
  tool: 'restic 0.18.0',
}
const ended = (reading: Partial<BodyReading> | null, exitStatus: number | null = null, body = '') =>
  derivePingEnd(
    { kind: exitStatus === 0 || exitStatus === null ? 'success' : 'fail', exitStatus, body },
    reading && { ...read, ...reading },
  )
const failed = (reading: Partial<BodyReading> | null, body = '') =>
  derivePingEnd({ kind: 'fail', exitStatus: null, body }, reading && { ...read, ...reading })

describe('a success', () => {
  test('of which nothing was read is a success', () => {
    const plain = { state: 'finished', errors: 0, warnings: 0, totalFiles: null, bytes: null, tool: null, messages: [] }
    expect(ended(null)).toMatchObject({ ...plain, exitStatus: null })
    expect(ended(null, 0)).toMatchObject({ ...plain, exitStatus: 0 })
  })

  test.each<[string, Partial<BodyReading>, object]>([
    ['has the counts of its body', {}, { state: 'finished', totalFiles: 10, bytes: 400, tool: 'restic 0.18.0' }],
    ['has the warnings of its body', { warnings: 2 }, { state: 'finished', warnings: 2 }],
    ['has the errors of its body', { errors: 1 }, { state: 'finished', errors: 1 }],
    ['is a failure when its body says so', { state: 'failed', errors: 1 }, { state: 'failed', errors: 1 }],
    ['is no success when its body was cut short', { state: 'crashed' }, { state: 'crashed' }],
    ['of a body without an end is doubtful', { state: 'running' }, { state: 'finished', warnings: 1 }],
    ['of maintenance is no backup', { type: 'maintenance' }, { type: 'maintenance' }],
  ])('%s', (_, reading, end) => {
    expect(ended(reading)).toMatchObject(end)
  })
})

describe('an exit status', () => {
  test.each<[string, number, Partial<BodyReading> | null, object]>([
    ['that nobody can read is a failure', 3, null, { state: 'failed', errors: 1, exitStatus: 3 }],
    ['of a signal is a failure, too', 143, null, { state: 'failed', errors: 1 }],
    ['that the tool takes for a warning is one', 3, { warnings: 1 }, { state: 'finished', errors: 0, warnings: 1 }],
    ['of which the tool knows nothing bad is a warning', 1, {}, { state: 'finished', warnings: 1 }],
    ['of an output without an end is a warning', 1, { state: 'running' }, { state: 'finished', warnings: 1 }],
    ['that the tool takes for a failure is one', 1, { state: 'failed', errors: 2 }, { state: 'failed', errors: 2 }],
    [
      'of maintenance is a failed backup without its counts',
      1,
      { type: 'maintenance', state: 'failed', errors: 1, processedFiles: 0 },
      { type: 'backup', state: 'failed', processedFiles: null },
    ],
  ])('%s', (_, exitStatus, reading, end) => {
    expect(ended(reading, exitStatus)).toMatchObject(end)
  })

  test('says what it means, and what the body ends with', () => {
    expect(ended(null, 127, 'line\nlast').messages).toEqual([
      { level: 'error', text: expect.stringContaining('was not found') as string },
      { level: 'info', text: 'line last' },
    ])
  })
})

describe('/fail', () => {
  test.each<[string, Partial<BodyReading> | null, object]>([
    ['is a failure', null, { state: 'failed', errors: 1 }],
    ['is one whatever was read', {}, { state: 'failed', errors: 1, totalFiles: 10 }],
    ['is one even if somebody stopped it', { state: 'canceled' }, { state: 'failed', errors: 1 }],
    ['has the errors of its body', { errors: 4 }, { state: 'failed', errors: 4 }],
    ['may be worse', { state: 'crashed' }, { state: 'crashed', errors: 1 }],
    ['of maintenance is a failed backup', { type: 'maintenance' }, { type: 'backup', state: 'failed' }],
  ])('%s', (_, reading, end) => {
    expect(failed(reading)).toMatchObject(end)
  })

  test.each([
    ['its body', 'wrong password\n', 'wrong password'],
    ['the last line of a long one', `${'x'.repeat(2_000)}\nFatal: no space left\n`, 'Fatal: no space left'],
    ['that it failed, where there is none', '', 'The ping told a failure.'],
  ])('says %s', (_, body, text) => {
    expect(failed(null, body).messages).toEqual([{ level: 'error', text }])
  })

  test('says the errors of its body where it has some', () => {
    const messages = [{ level: 'error' as const, text: 'locked' }]
    expect(failed({ messages }, 'a long story').messages).toEqual(messages)
  })
})
