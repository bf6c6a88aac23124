import { constants } from 'node:os'
import { isatty } from 'node:tty'
import type { Instant } from '../../domain/instant.ts'
import { type Child, startChild } from './child.ts'
import { errorCode } from './error-code.ts'
import { passLastOutput, passOutput } from './pass-output.ts'
import { say } from './say.ts'
import { listenForStopSignals, type StopSignal } from './stop-signals.ts'

/** How a command ended. */
export type EndedCommand = {
  /** As a shell shows it: 128 + N when signal N ended it, 127 when it was not found, 126 when it cannot be executed. */
  exitStatus: number
  /** The signal that it died of. */
  diedOf: NodeJS.Signals | null
  /** The first signal that asked it to stop while it ran, whatever it made of it. */
  stopSignal: StopSignal | null
  endedAt: Instant
  stdout: Buffer
  stderr: Buffer
}

/**
 * Starts a command at once and resolves when it has ended and all that it wrote is passed on. stdin is inherited,
 * stdout and stderr go through unchanged, stop signals are passed on. It never rejects: a command that cannot be
 * started has ended with 126 or 127. When its output could not be written, success becomes status 1.
 */
export async function runToItsEnd(command: readonly string[]): Promise<EndedCommand> {
  const [file = '', ...args] = command
  // Not process.stdin: that would put the pipe that the command inherits into non-blocking mode.
  const sharesTerminal = isatty(0)
  // Without a terminal in a process group of its own: a signal to our group reaches it once, through us.
  const child = await startChild({ file, args, ownGroup: !sharesTerminal })
  if (child instanceof Error) return notStarted(file, child)
  const relay = openSignalRelay(child, sharesTerminal)
  const stdout = passOutput(child.stdout, 1)
  const stderr = passOutput(child.stderr, 2)
  const end = await whenEnded(child)
  const ended = { ...end, stopSignal: relay.first(), endedAt: Date.now() }
  const failure = await passLastOutput([stdout, stderr])
  relay.close()
  const note = failure ? await notWritten(failure) : ''
  return {
    ...ended,
    exitStatus: failure && ended.exitStatus === 0 ? 1 : ended.exitStatus,
    stdout: stdout.capture.toBuffer(),
    stderr: Buffer.concat([stderr.capture.toBuffer(), Buffer.from(note)]),
  }
}

const notExecutable = 126
const notFound = 127

async function notStarted(file: string, error: Error): Promise<EndedCommand> {
  const isMissing = errorCode(error) === 'ENOENT'
  const sentence = `${file}: ${startProblem(error, file)}`
  await say(sentence)
  return {
    exitStatus: isMissing ? notFound : notExecutable,
    diedOf: null,
    stopSignal: null,
    endedAt: Date.now(),
    stdout: Buffer.alloc(0),
    stderr: Buffer.from(`${sentence}\n`),
  }
}

function startProblem(error: Error, file: string): string {
  const code = errorCode(error)
  if (code === 'ENOENT') return file.includes('/') ? 'No such file or directory' : 'command not found'
  if (code === 'EACCES') return 'Permission denied'
  return `cannot be started (${code || error.message})`
}

function whenEnded(child: Child): Promise<{ exitStatus: number; diedOf: NodeJS.Signals | null }> {
  return new Promise(resolve => {
    child.process.once('exit', (status, signal) => {
      resolve({ exitStatus: signal ? 128 + constants.signals[signal] : (status ?? 1), diedOf: signal })
    })
  })
}

async function notWritten(failure: Error): Promise<string> {
  const sentence = `the output of the command could not be written: ${failure.message}.`
  await say(sentence)
  return `lastgood: ${sentence}\n`
}

type SignalRelay = { first(): StopSignal | null; close(): void }

/** Passes stop signals on to `child` until it is closed, and remembers the first of them. */
function openSignalRelay(child: Child, sharesTerminal: boolean): SignalRelay {
  const seen = new Set<StopSignal>()
  const stopListening = listenForStopSignals(signal => {
    // Ctrl-C and Ctrl-\ reach the whole process group of the terminal: the command has this signal already.
    const isFromKeyboard = sharesTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT') && !seen.has(signal)
    seen.add(signal)
    if (!isFromKeyboard) passSignal(child, signal, sharesTerminal)
  })
  return { first: () => [...seen][0] ?? null, close: stopListening }
}

function passSignal(child: Child, signal: StopSignal, sharesTerminal: boolean): void {
  try {
    // To its whole group where it has one: what a shell script waits for must stop with it, as it would without us.
    process.kill(sharesTerminal ? child.pid : -child.pid, signal)
  } catch (error) {
    // It has just ended.
    if (errorCode(error) === 'ESRCH') return
    void say(`${signal} could not be passed on to the command: ${errorCode(error)}.`)
  }
}
