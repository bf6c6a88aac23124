import { type Progress, readProgress } from '../../backup-tools/progress.ts'
import { endsAtLineStart, mayBecomeProgress, splitPieces } from './output-pieces.ts'
import type { OutputSink } from './output-sink.ts'
import { toProgressBar } from './progress-bar.ts'

/** A terminal with a bar in its last line, below all that the command writes. Nothing is drawn before there is progress. */
export type ProgressScreen = {
  /** For a stream that comes to this terminal: progress lines are left out, all others printed above the bar. */
  openShown(passTo: WriteBytes): OutputSink
  /** For a stream that goes elsewhere: every byte passes unchanged, and is looked at. */
  openUnshown(passTo: WriteBytes): OutputSink
  /** Takes the bar away. */
  close: () => Promise<void>
}

export type WriteBytes = (bytes: Buffer) => Promise<void>

export type Terminal = {
  /** Draws; a failure to do so is nobody's trouble. */
  draw(text: string): Promise<void>
  columns(): number
  now(): number
}

const drawEveryMs = 100
const clearLine = '\r\u001B[K'

/** Opens the bar of a terminal. */
export function openProgressScreen(terminal: Terminal): ProgressScreen {
  let known: Progress | null = null
  let isDrawn = false
  let isAtLineStart = true
  let drawnAt = -Infinity
  let last: Promise<unknown> = Promise.resolve()

  /** One write after the other, whichever stream it is for; one that fails fails for its caller alone. */
  function inTurn(write: () => Promise<void>): Promise<void> {
    const turn = last.then(write)
    last = turn.catch(() => undefined)
    return turn
  }

  async function draw(): Promise<void> {
    if (!known || !isAtLineStart) return
    isDrawn = true
    drawnAt = terminal.now()
    await terminal.draw(clearLine + toProgressBar(known, terminal.columns() - 1))
  }

  async function clear(): Promise<void> {
    if (isDrawn) await terminal.draw(clearLine)
    isDrawn = false
  }

  const screen = {
    learn(progress: Progress): void {
      known = saysNothing(progress) ? (known ?? progress) : progress
    },
    async refresh(): Promise<void> {
      if (terminal.now() - drawnAt >= drawEveryMs) await draw()
    },
    async print(bytes: Buffer, passTo: WriteBytes): Promise<void> {
      if (bytes.length === 0) return
      const wasAtLineStart = isAtLineStart
      isAtLineStart = endsAtLineStart(bytes, wasAtLineStart)
      // rsync begins every line of progress with a carriage return.
      if (bytes.every(byte => byte === carriageReturn) && wasAtLineStart) return
      await clear()
      await passTo(bytes)
      await draw()
    },
  }
  return {
    openShown: passTo => openShown(passTo, screen, inTurn),
    openUnshown: passTo => openUnshown(passTo, screen, inTurn),
    close: () => inTurn(clear),
  }
}

const carriageReturn = 0x0d

type Screen = {
  /** Remembers the newest progress. */
  learn(progress: Progress): void
  /** Draws what it knows, unless it has just done so. */
  refresh(): Promise<void>
  print(bytes: Buffer, passTo: WriteBytes): Promise<void>
}
type InTurn = (write: () => Promise<void>) => Promise<void>

function openShown(passTo: WriteBytes, screen: Screen, inTurn: InTurn): OutputSink {
  /** What may become a line of progress, and is not shown before it is whole. */
  let held = Buffer.alloc(0)
  /** Whether progress ended with a carriage return: a line feed may belong to it. */
  let isAfterCarriage = false
  /** Whether the beginning of the line is shown already. */
  let isMidLine = false

  async function show(chunk: Buffer): Promise<void> {
    const { pieces, rest } = splitPieces(Buffer.concat([held, chunk]))
    const others: Buffer[] = []
    for (const { bytes, text } of pieces) {
      const isProgress = !isMidLine && learn(text)
      const isItsLineFeed = isAfterCarriage && !isMidLine && text === ''
      if (!isProgress && !isItsLineFeed) others.push(bytes)
      isAfterCarriage = isProgress && bytes.at(-1) === carriageReturn
      isMidLine = false
    }
    const isHeld = !isMidLine && mayBecomeProgress(rest)
    held = isHeld ? Buffer.from(rest) : Buffer.alloc(0)
    isMidLine ||= rest.length > 0 && !isHeld
    // What rsync draws ends only when it draws again.
    learn(held.toString('utf8'))
    await screen.print(Buffer.concat(isHeld ? others : [...others, rest]), passTo)
    await screen.refresh()
  }

  function learn(text: string): boolean {
    const progress = readProgress(text)
    if (progress) screen.learn(progress)
    return progress !== null
  }

  return {
    write: chunk => inTurn(() => show(chunk)),
    async end() {
      const rest = held
      held = Buffer.alloc(0)
      if (!readProgress(rest.toString('utf8'))) await inTurn(() => screen.print(rest, passTo))
    },
  }
}

const lookedAtBytes = 8 * 1024

function openUnshown(passTo: WriteBytes, screen: Screen, inTurn: InTurn): OutputSink {
  let before = Buffer.alloc(0)
  return {
    async write(chunk) {
      await passTo(chunk)
      // Progress that is worth showing comes again and again: the end of what came is enough.
      before = Buffer.concat([before, chunk.subarray(-lookedAtBytes)]).subarray(-lookedAtBytes)
      const { pieces, rest } = splitPieces(before)
      const texts = [...pieces.map(({ text }) => text), rest.toString('utf8')]
      const progress = texts.map(readProgress).findLast(found => found !== null)
      if (!progress) return
      screen.learn(progress)
      await inTurn(() => screen.refresh())
    },
    end: () => Promise.resolve(),
  }
}

/** borg has messages that only say what it does now. */
function saysNothing(progress: Progress): boolean {
  return Object.values(progress).every(value => value === null)
}
