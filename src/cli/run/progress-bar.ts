import type { Progress } from '../../backup-tools/progress.ts'

/**
 * How far a run has come, in one line of at most `width` characters: `[=====>    ]  45%  1,234 of 5,678 files  2 min left`.
 * What there is no room for is left out, the least important first. Letters and digits alone: no colour, no escape codes.
 */
export function toProgressBar(progress: Progress, width: number): string {
  const facts = [percentOf(progress), filesOf(progress), bytesOf(progress), timeOf(progress)].filter(
    fact => fact !== '',
  )
  const roomFor = (bar: number) => width - facts.join(gap).length - `[]${gap}`.length - bar
  while (facts.length > 1 && roomFor(progress.fraction === null ? 0 : shortestBar) < 0) facts.pop()
  const text = facts.join(gap).slice(0, Math.max(0, width))
  const room = Math.min(longestBar, roomFor(0))
  return progress.fraction === null || room < shortestBar ? text : `[${drawn(progress.fraction, room)}]${gap}${text}`
}

const gap = '  '
const shortestBar = 5
const longestBar = 40

function drawn(fraction: number, room: number): string {
  const done = Math.floor(fraction * room)
  const head = done < room ? '>' : ''
  return `${'='.repeat(done)}${head}`.padEnd(room)
}

function percentOf({ fraction }: Progress): string {
  // 100 % is what is done, not what is nearly done.
  return fraction === null ? '' : `${Math.floor(fraction * 100)}%`.padStart(4)
}

function filesOf({ files, totalFiles }: Progress): string {
  if (files === null) return ''
  return totalFiles === null ? `${toNumber(files)} files` : `${toNumber(files)} of ${toNumber(totalFiles)} files`
}

function bytesOf({ bytes, totalBytes }: Progress): string {
  if (bytes === null) return ''
  return totalBytes === null ? toSize(bytes) : `${toSize(bytes)} of ${toSize(totalBytes)}`
}

function timeOf({ secondsLeft }: Progress): string {
  if (secondsLeft === null) return ''
  const [hours, minutes] = [Math.floor(secondsLeft / 3_600), Math.ceil((secondsLeft % 3_600) / 60)]
  if (hours > 0) return `${toNumber(hours)} h ${minutes} min left`
  return secondsLeft > 90 ? `${minutes} min left` : `${secondsLeft} s left`
}

function toNumber(count: number): string {
  return count.toLocaleString('en-US')
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

function toSize(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const size = bytes / 1_024 ** power
  return `${power === 0 ? size : size.toFixed(1)} ${units[power]}`
}
