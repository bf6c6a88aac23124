import { describe, expect, test } from 'vitest'
import { isStopSignal, readProcessEnd } from './process-end.ts'

describe('an exit status alone', () => {
  test.each([
    [0, 'finished', null],
    [1, 'failed', 'The command ended with exit status 1.'],
    [3, 'failed', 'The command ended with exit status 3.'],
    [124, 'failed', 'The command ran into its time limit (exit status 124).'],
    [125, 'failed', 'The command ended with exit status 125.'],
    [126, 'failed', 'The command could not be executed (exit status 126): check its permissions.'],
    [127, 'failed', 'The command was not found (exit status 127): check its name and the PATH.'],
    [128, 'failed', 'The command ended with exit status 128.'],
    [129, 'canceled', 'The command was stopped (SIGHUP: its terminal or session ended).'],
    [130, 'canceled', 'The command was stopped (SIGINT: somebody interrupted it).'],
    [131, 'canceled', 'The command was stopped (SIGQUIT: somebody told it to quit).'],
    [132, 'crashed', 'The command was killed (SIGILL: illegal instruction).'],
    [134, 'crashed', 'The command was killed (SIGABRT: it aborted itself).'],
    [135, 'crashed', 'The command was killed (SIGBUS: bad memory access).'],
    [136, 'crashed', 'The command was killed (SIGFPE: arithmetic error).'],
    [137, 'crashed', 'The command was killed (SIGKILL: out of memory?).'],
    [138, 'crashed', 'The command was killed (signal 10).'],
    [139, 'crashed', 'The command was killed (SIGSEGV: invalid memory access).'],
    [141, 'crashed', 'The command was killed (SIGPIPE: what read its output went away).'],
    [143, 'canceled', 'The command was stopped (SIGTERM: somebody or the system told it to end).'],
    [192, 'crashed', 'The command was killed (signal 64).'],
    [193, 'failed', 'The command ended with exit status 193.'],
    [255, 'failed', 'The command ended with exit status 255.'],
  ])('of %i is read as %s', (exitStatus, state, text) => {
    expect(readProcessEnd({ exitStatus, signal: null })).toEqual({ state, text })
  })
})

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'term', 'int', ' SIGINT ', '15'])(
    'that asks to stop (%s) cancels the run whatever the exit status',
    signal => {
      expect(isStopSignal(signal)).toBe(true)
      for (const exitStatus of [null, 0, 1, 4, 20, 137, 143]) {
        expect(readProcessEnd({ exitStatus, signal }).state).toBe('canceled')
      }
    },
  )

  test.each(['SIGKILL', 'KILL', '9', 'SIGSEGV', 'SIGUSR1', 'SIGWHATEVER', '99', 'constructor'])(
    'that kills or is unknown (%s) crashes the run whatever the exit status',
    signal => {
      expect(isStopSignal(signal)).toBe(false)
      for (const exitStatus of [null, 0, 1, 143]) {
        expect(readProcessEnd({ exitStatus, signal }).state).toBe('crashed')
      }
    },
  )

  test('that is blank is none', () => {
    expect(readProcessEnd({ exitStatus: 0, signal: '' }).state).toBe('finished')
    expect(readProcessEnd({ exitStatus: 1, signal: ' ' }).state).toBe('failed')
  })
})

test('without exit status and signal the caller is asked for the exit status', () => {
  expect(() => readProcessEnd({ exitStatus: null, signal: null })).toThrow(
    expect.objectContaining({ kind: 'invalid', message: expect.stringContaining('exit_status must be given') }),
  )
})
