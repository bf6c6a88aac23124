import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { type Instant, seconds } from '../../domain/instant.ts'
import { type Child, startChild } from './child.ts'
import { errorCode } from './error-code.ts'
import { type CapturedCommand, neededLinesLoader } from './load-needed-lines.ts'
import { openSinks } from './open-sinks.ts'
import { passLastOutput, passOutput } from './pass-output.ts'
import type { RecentOutput } from './recent-output.ts'
import type { Say } from './say.ts'
import { listenForStopSignals, type StopSignal } from './stop-signals.ts'

/** How a command ended. */
export type EndedCommand = {
  /**
   * As a shell shows it: 128 + N when signal N ended it, 127 when it was not found, 126 when it cannot be executed; 124
   * when it ran into its time limit, as timeout(1) has it.
   */
  exitStatus: number
  /** Whether it was ended because of its time limit. */
  isTimedOut: boolean
  /** The signal that it died of. */
  diedOf: NodeJS.Signals | null
  /** The first signal that asked it to stop while it ran, whatever it made of it. */
  stopSignal: StopSignal | null
  endedAt: Instant
  stdout: Buffer
  stderr: Buffer
}

/** A command to run. */
export type RunningCommand = CapturedCommand & {
  /** See its stdout and its stderr. */
  recent: readonly [RecentOutput, RecentOutput]
  /** Whether its progress is shown as a bar where there is a terminal. */
  hasBar: boolean
}

/** How long a command may take, and how people are told of it. */
export type RunLimits = { timeoutMs: number | undefined; say: Say }

/**
 * Starts a command at once and resolves when it has ended and all that it wrote is passed on. stdin is inherited,
 * stdout and stderr go through unchanged but for a bar (`openSinks`), stop signals are passed on. It never rejects: a
 * command that cannot be started has ended with 126 or 127. When its output could not be written, success becomes status 1.
 */
export async function runToItsEnd(run: RunningCommand, { timeoutMs, say }: RunLimits): Promise<EndedCommand> {
  const [file = '', ...args] = run.command
  // Not process.stdin: that would put the pipe that the command inherits into non-blocking mode.
  const sharesTerminal = isatty(0)
  // Without a terminal in a process group of its own: a signal to our group reaches it once, through us.
  const relay = openSignalRelay(sharesTerminal, say)
  const child = await startChild({ file, args, ownGroup: !sharesTerminal })
  if (child instanceof Error) {
    relay.close()
    return notStarted(file, child, say)
  }
  relay.passTo(child)
  const limit = openTimeLimit(timeoutMs, signal => passSignal({ child, signal, sharesTerminal, say }))
  const loadNeededLines = neededLinesLoader(run)
  const [recentOut, recentErr] = run.recent
  const ending = whenEnded(child)
  const sinks = await openSinks(run.hasBar)
  const stdout = passOutput({ from: child.stdout, to: sinks.stdout, loadNeededLines, recent: recentOut })
  const stderr = passOutput({ from: child.stderr, to: sinks.stderr, loadNeededLines, recent: recentErr })
  const end = await ending
  const isTimedOut = limit.close()
  const ended = { ...end, isTimedOut, stopSignal: relay.first(), endedAt: Date.now() }
  const failure = await passLastOutput([stdout, stderr])
  relay.close()
  await sinks.close()
  const notes = [failure && notWritten(failure), isTimedOut && timedOut(timeoutMs)].filter(
    note => typeof note === 'string',
  )
  for (const note of notes) await say(note)
  return {
    ...ended,
    exitStatus: isTimedOut ? timeLimitStatus : failure && ended.exitStatus === 0 ? 1 : ended.exitStatus,
    stdout: stdout.capture.end(),
    stderr: Buffer.concat([stderr.capture.end(), ...notes.map(note => Buffer.from(`lastgood: ${note}\n`))]),
  }
}

const timeLimitStatus = 124
/** How long a command may take to end in good order once its time is over. */
const killAfterMs = seconds(10)

/** Ends a command that takes too long: with SIGTERM, and with SIGKILL when that does not help. `close` says whether. */
function openTimeLimit(timeoutMs: number | undefined, pass: (signal: NodeJS.Signals) => void): { close(): boolean } {
  let isOver = false
  const timers: NodeJS.Timeout[] = []
  if (timeoutMs !== undefined) {
    timers.push(
      setTimeout(() => {
        isOver = true
        pass('SIGTERM')
        timers.push(setTimeout(pass, killAfterMs, 'SIGKILL'))
      }, timeoutMs),
    )
  }
  return {
    close() {
      for (const timer of timers) clearTimeout(timer)
      return isOver
    },
  }
}

function timedOut(timeoutMs = 0): string {
  return `the command was ended after its time limit of ${timeoutMs / seconds(1)} seconds.`
}

const notExecutable = 126
const notFound = 127

async function notStarted(file: string, error: Error, say: Say): Promise<EndedCommand> {
  const isMissing = errorCode(error) === 'ENOENT'
  const sentence = `${file}: ${startProblem(error, file)}`
  await say(sentence)
  return {
    exitStatus: isMissing ? notFound : notExecutable,
    isTimedOut: false,
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

function notWritten(failure: Error): string {
  return `the output of the command could not be written: ${failure.message}.`
}

type SignalRelay = { passTo(child: Child): void; first(): StopSignal | null; close(): void }

/**
 * Listens to stop signals until it is closed, passes them on to the child once there is one, and remembers the first. It
 * is opened before the command is started: a signal that nobody listened to would end us, and nothing would be reported.
 */
function openSignalRelay(sharesTerminal: boolean, say: Say): SignalRelay {
  const seen = new Set<StopSignal>()
  let child: Child | undefined
  const stopListening = listenForStopSignals(signal => {
    // Ctrl-C and Ctrl-\ reach the whole process group of the terminal: the command has this signal already.
    const isFromKeyboard = sharesTerminal && (signal === 'SIGINT' || signal === 'SIGQUIT') && !seen.has(signal)
    seen.add(signal)
    if (child && !isFromKeyboard) passSignal({ child, signal, sharesTerminal, say })
  })
  return {
    passTo(started) {
      child = started
      for (const signal of seen) passSignal({ child, signal, sharesTerminal, say })
    },
    first: () => [...seen][0] ?? null,
    close: stopListening,
  }
}

type PassedSignal = { child: Child; signal: NodeJS.Signals; sharesTerminal: boolean; say: Say }

function passSignal({ child, signal, sharesTerminal, say }: PassedSignal): void {
  try {
    // To its whole group where it has one: what a shell script waits for must stop with it, as it would without us.
    process.kill(sharesTerminal ? child.pid : -child.pid, signal)
  } catch (error) {
    // It has just ended.
    if (errorCode(error) === 'ESRCH') return
    void say(`${signal} could not be passed on to the command: ${errorCode(error)}.`)
  }
}
