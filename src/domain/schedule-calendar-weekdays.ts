import { AppError } from './app-error.ts'

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const longNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** Reads weekdays such as `Mon..Fri,Sun` as 0 for Sunday to 6; none when all are named. Throws `invalid`. */
export function readCalendarWeekdays(text: string): number[] {
  // systemd lets a list end with a comma.
  const parts = text.replace(/,$/, '').split(',')
  const found = new Set(parts.flatMap(readRange))
  return found.size === names.length ? [] : [...found].toSorted(fromMonday).map(index => (index + 1) % 7)
}

/** As systemd writes them: three and more in a row as a range. */
export function formatCalendarWeekdays(weekdays: readonly number[]): string {
  const runs: number[][] = []
  for (const index of weekdays.map(weekday => (weekday + 6) % 7).toSorted(fromMonday)) {
    const run = runs.at(-1)
    if (run?.at(-1) === index - 1) run.push(index)
    else runs.push([index])
  }
  return runs.map(formatRun).join(',')
}

function formatRun(run: readonly number[]): string {
  const named = run.map(index => names[index] ?? '')
  return named.length > 2 ? `${named[0]}..${named.at(-1)}` : named.join(',')
}

function fromMonday(a: number, b: number): number {
  return a - b
}

/** `Mon`, `Mon..Fri` or, as systemd once wrote it, `Mon-Fri`; counted from 0 for Monday. */
function readRange(part: string): number[] {
  const [first = '', last = first, more] = part.split(/\.\.|-/)
  const [start, stop] = [indexOf(part, first), indexOf(part, last)]
  if (more !== undefined) throw wrong(part, 'is not a weekday')
  if (stop < start) throw wrong(part, 'runs backwards, and a week begins with Monday')
  return Array.from({ length: stop - start + 1 }, (_, index) => start + index)
}

function indexOf(part: string, name: string): number {
  const lower = name.toLowerCase()
  const index = longNames.findIndex(long => lower === long || lower === long.slice(0, 3))
  if (index >= 0) return index
  throw wrong(part, 'is not a weekday')
}

function wrong(part: string, reason: string): AppError {
  const quoted = JSON.stringify(part.slice(0, 40))
  return new AppError(
    'invalid',
    `The word ${quoted} of a calendar event ${reason}, nor a word such as daily, nor a time zone; write for example: calendar Mon..Fri 23:00.`,
  )
}
