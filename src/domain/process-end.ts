import { AppError } from './app-error.ts'
import type { RunState } from './run.ts'

/** How a process ended: the state this alone gives a run, and a sentence that says why, null after a plain success. */
export type ProcessEnd = {
  state: Extract<RunState, 'finished' | 'canceled' | 'failed' | 'crashed'>
  text: string | null
}

/**
 * The signals and their numbers on Linux (signal(7)). `stops`: sent by whoever wants a program to end in good order;
 * every other signal ends a program in the middle of its work.
 */
const signals = {
  SIGHUP: { number: 1, stops: true, means: 'its terminal or session ended' },
  SIGINT: { number: 2, stops: true, means: 'somebody interrupted it' },
  SIGQUIT: { number: 3, stops: true, means: 'somebody told it to quit' },
  SIGILL: { number: 4, stops: false, means: 'illegal instruction' },
  SIGTRAP: { number: 5, stops: false, means: 'trace trap' },
  SIGABRT: { number: 6, stops: false, means: 'it aborted itself' },
  SIGBUS: { number: 7, stops: false, means: 'bad memory access' },
  SIGFPE: { number: 8, stops: false, means: 'arithmetic error' },
  SIGKILL: { number: 9, stops: false, means: 'out of memory?' },
  SIGSEGV: { number: 11, stops: false, means: 'invalid memory access' },
  SIGPIPE: { number: 13, stops: false, means: 'what read its output went away' },
  SIGALRM: { number: 14, stops: false, means: 'a timer of its own ran out' },
  SIGTERM: { number: 15, stops: true, means: 'somebody or the system told it to end' },
  SIGXCPU: { number: 24, stops: false, means: 'processor time limit exceeded' },
  SIGXFSZ: { number: 25, stops: false, means: 'file size limit exceeded' },
  SIGSYS: { number: 31, stops: false, means: 'bad system call' },
} as const satisfies Record<string, SignalRule>

type SignalRule = { number: number; stops: boolean; means: string }
const signalRules = new Map<string, SignalRule>(Object.entries(signals))

/** What timeout(1) ends with when the time is over. */
export const timeLimitStatus = 124

/** The exit statuses that mean the same for every command: POSIX (sh, 2.8.2) and timeout(1). */
const exitStatuses = new Map<number, ProcessEnd>([
  [0, { state: 'finished', text: null }],
  // The backup was not done when it had to be: nobody chose to stop this one.
  [timeLimitStatus, { state: 'failed', text: 'The command ran into its time limit (exit status 124).' }],
  [126, { state: 'failed', text: 'The command could not be executed (exit status 126): check its permissions.' }],
  [127, { state: 'failed', text: 'The command was not found (exit status 127): check its name and the PATH.' }],
])

// A shell shows the end by signal N as 128 + N; Linux has 64 signals.
const firstSignalStatus = 129
const lastSignalStatus = 192

/**
 * Reads how a process ended from its exit status and signal alone, for every command there is. A signal outweighs the
 * exit status, because a program may trap it and end with 0. Throws `invalid` when neither is known.
 */
export function readProcessEnd({
  exitStatus,
  signal,
}: {
  exitStatus: number | null
  signal: string | null
}): ProcessEnd {
  const name = toSignalName(signal)
  if (name !== null) return endBySignal(name)
  if (exitStatus === null) {
    throw new AppError(
      'invalid',
      'exit_status must be given: nothing else tells whether the command succeeded. Send it with the output.',
    )
  }
  const known = exitStatuses.get(exitStatus)
  if (known) return known
  if (exitStatus >= firstSignalStatus && exitStatus <= lastSignalStatus) {
    return endBySignal(signalNameOf(exitStatus - 128))
  }
  return { state: 'failed', text: `The command ended with exit status ${exitStatus}.` }
}

/** Whether `signal` asks a program to stop, such as `SIGTERM`, `term` or `15`. */
export function isStopSignal(signal: string | null): boolean {
  const name = toSignalName(signal)
  return name !== null && signalRules.get(name)?.stops === true
}

function endBySignal(name: string): ProcessEnd {
  const rule = signalRules.get(name)
  const because = rule ? `${name}: ${rule.means}` : name
  if (rule?.stops) return { state: 'canceled', text: `The command was stopped (${because}).` }
  return { state: 'crashed', text: `The command was killed (${because}).` }
}

/** `SIGTERM` for `SIGTERM`, `term` and `15`; null for no signal. */
function toSignalName(signal: string | null): string | null {
  const text = signal?.trim().toUpperCase() ?? ''
  if (text === '') return null
  if (/^\d{1,3}$/.test(text)) return signalNameOf(Number(text))
  return text.startsWith('SIG') ? text : `SIG${text}`
}

function signalNameOf(number: number): string {
  for (const [name, rule] of signalRules) {
    if (rule.number === number) return name
  }
  return `signal ${number}`
}
