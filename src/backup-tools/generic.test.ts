import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generic } from './generic.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'

describe('a recorded command is judged by how it ended', () => {
  test.each(recordedCases('generic').map(recorded => [recorded.case, recorded] as const))('%s', (_, recorded) => {
    const reading = generic.read(recordedOutput('generic', recorded))
    const { status, types, ...facts } = recorded.expected
    expect(reading).toMatchObject(facts)
    expect(conditionOf(reading)).toMatchObject({ status, types })
  })
})

test('a killed command asks whether memory ran out', () => {
  const reading = generic.read({ stdout: 'saving…', stderr: '', exitStatus: 137, signal: 'SIGKILL' })
  expect(reading).toMatchObject({ state: 'crashed', errors: 0 })
  expect(reading.messages).toEqual([{ level: 'error', text: 'The command was killed (SIGKILL: out of memory?).' }])
})

test('a clean end says nothing and claims no numbers', () => {
  const reading = generic.read({ stdout: '35 files, 0 errors', stderr: '', exitStatus: 0, signal: null })
  expect(reading).toMatchObject({ state: 'finished', errors: 0, warnings: 0, messages: [] })
  expect(reading).toMatchObject({ totalFiles: null, processedFiles: null, newFiles: null, bytes: null })
})

test('whatever was printed, only exit status 0 without a signal is green', () => {
  const exitStatus = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 }))
  const signal = fc.option(
    fc.oneof(fc.constantFrom('SIGINT', 'SIGTERM', 'SIGKILL', 'SIGUSR1'), fc.string({ minLength: 1 })),
  )
  fc.assert(
    fc.property(fc.string(), fc.string(), exitStatus, signal, (stdout, stderr, exitStatus, signal) => {
      const reading = generic.read({ stdout, stderr, exitStatus, signal })
      const isGreen = exitStatus === 0 && (signal ?? '').trim() === ''
      expect(conditionOf(reading).status === 'COMPLETED').toBe(isGreen)
    }),
  )
})

test('it recognizes nothing, so that it is only ever the last resort', () => {
  fc.assert(
    fc.property(fc.string(), stdout => !generic.recognizes({ stdout, stderr: '', exitStatus: 0, signal: null })),
  )
})
