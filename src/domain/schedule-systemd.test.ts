import { execFile, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAppError } from './app-error.ts'
import { type Instant, minutes, seconds } from './instant.ts'
import { dueTimes, formatSchedule, parseSchedule } from './schedule.ts'

/** The same expressions in every run, unless somebody goes looking for others: `LASTGOOD_TEST_SEED=$RANDOM`. */
const seed = Number(process.env['LASTGOOD_TEST_SEED'] ?? 2_026)

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0

/** What `systemd-analyze calendar` prints, on a computer whose clock shows UTC. */
function analyze(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C', SYSTEMD_COLORS: '0' }
  return new Promise(resolve => {
    // It fails when one of the expressions is wrong, and says so.
    execFile('systemd-analyze', ['calendar', ...args], { env, maxBuffer: 1e8 }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    )
  })
}

/** What systemd makes of an expression: its normalized form, and whether it ever elapses; undefined if it refuses it. */
type Reading = { form: string; isPossible: boolean } | undefined

/** Reads expressions; those are left out of which systemd itself cannot tell whether they elapse. */
async function read(expressions: readonly string[]): Promise<[expression: string, reading: Reading][]> {
  const { stdout, stderr } = await analyze(['--base-time=1970-01-01 00:00:01 UTC', '--', ...expressions])
  const refused = new Set([...stderr.matchAll(/^Failed to parse calendar [^']*'(.*)'/gm)].map(match => match[1]))
  const unclear = new Set([...stderr.matchAll(/^Failed to determine [^']*'(.*)'/gm)].map(match => match[1]))
  const answers = [...stdout.matchAll(/^Normalized form: (.*)\n *Next elapse: (.*)$/gm)]
  return expressions
    .filter(expression => !unclear.has(expression))
    .map(expression => [expression, refused.has(expression) ? undefined : toReading(answers.shift())])
}

function toReading([, form = '', elapse]: readonly string[] = []): Reading {
  return { form, isPossible: elapse !== 'never' }
}

/**
 * The first `count` times at which systemd says that an expression elapses after `base`; undefined where it gives up,
 * as it does with a repetition of hours that begins in a gap at midnight.
 */
async function elapses(expression: string, base: Instant, count: number): Promise<Instant[] | undefined> {
  const baseText = new Date(base).toISOString().slice(0, 19).replace('T', ' ')
  const { stdout, stderr } = await analyze([`--base-time=${baseText} UTC`, `--iterations=${count}`, '--', expression])
  if (stderr.includes('Resource deadlock avoided')) return undefined
  const times = stdout.matchAll(/(?:Next elapse|Iter\. #\d+): \w{3} (\S+) (\S+) UTC$/gm)
  return [...times].map(match => Date.parse(`${match[1]}T${match[2]}Z`))
}

function ours(expression: string): string | undefined {
  try {
    return formatSchedule(parseSchedule(`calendar ${expression}`)).replace('calendar ', '')
  } catch (error) {
    if (isAppError(error, 'invalid')) return undefined
    throw error
  }
}

const number = (least: number, most: number) => fc.integer({ min: least, max: most }).map(String)
const component = (least: number, most: number) => {
  const value = number(least, most)
  const part = fc.oneof(
    value,
    fc.tuple(value, value).map(([a, b]) => `${a}..${b}`),
    fc.tuple(value, number(0, 7)).map(([a, step]) => `${a}/${step}`),
    fc.tuple(value, value, number(1, 9)).map(([a, b, step]) => `${a}..${b}/${step}`),
  )
  const list = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join(','))
  return fc.oneof({ weight: 2, arbitrary: fc.constant('*') }, { weight: 3, arbitrary: value }, list)
}
const fraction = fc.oneof(
  { weight: 5, arbitrary: fc.constant('') },
  number(0, 12_345_678).map(digits => `.${digits}`),
)
const weekday = fc.constantFrom('Mon', 'tuesday', 'WED', 'Thu', 'Friday', 'Sat', 'Sun')
const weekdays = fc
  .array(
    fc.oneof(
      weekday,
      fc.tuple(weekday, fc.constantFrom('..', '-'), weekday).map(parts => parts.join('')),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map(parts => parts.join(','))
const date = fc
  .tuple(
    fc.oneof(fc.constant('*'), component(1, 99), component(1965, 2205)),
    component(0, 13),
    fc.constantFrom('-', '-', '~'),
    component(0, 32),
  )
  .map(([year, month, mark, day]) => `${year}-${month}${mark}${day}`)
const time = fc.oneof(
  fc.tuple(component(0, 24), component(0, 60)).map(parts => parts.join(':')),
  fc.tuple(component(0, 24), component(0, 60), component(0, 60), fraction).map(([h, m, s, f]) => `${h}:${m}:${s}${f}`),
)
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'EST5EDT', 'Nowhere/Else']
const expression = fc
  .record(
    {
      weekdays,
      date: fc.oneof(
        date,
        date.map(text => text.replace(/^[^-]*-/, '')),
      ),
      time,
      zone: fc.constantFrom(...zones),
    },
    { requiredKeys: [] },
  )
  .map(({ weekdays, date, time, zone }) => [weekdays, date, time, zone].filter(part => part !== undefined).join(' '))
  // Of a list of days from the end of the month systemd refuses more than it means to: `~22,26`, but not `~26`.
  .filter(text => text !== '' && !/~[^ ]*,/.test(text))

describe.runIf(hasSystemd)('systemd-analyze calendar', () => {
  test('normalizes what we read, and refuses what we refuse', async () => {
    const words = 'minutely hourly daily weekly monthly quarterly semiannually yearly annually'.split(' ')
    const expressions = [...new Set([...words, ...fc.sample(expression, { numRuns: 3_000, seed })])]
    const readings = await read(expressions)
    expect(readings.length).toBeGreaterThan(expressions.length * 0.9)
    for (const [expression, reading] of readings) {
      // What never comes is a form to systemd, but no schedule to us.
      const form = reading?.isPossible ? reading.form : undefined
      expect({ expression, form: ours(expression) }).toEqual({ expression, form })
    }
  })

  // Zones whose rules every tz database of the last years has alike.
  const changing = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana', 'Antarctica/Troll']
  // Not Pacific/Chatham: where a gap ends at 03:45, systemd loses the rest of that hour.
  const others = ['Asia/Kathmandu', 'Asia/Beirut', 'America/St_Johns', 'Atlantic/Azores', 'UTC']

  test('elapses when we are due', async () => {
    await inTurn(fc.sample(aTimer([...changing, ...others]), { numRuns: 200, seed }), agrees)
  })

  test('elapses when we are due right before and after a clock change', async () => {
    const cases = fc.sample(fc.tuple(aTimer(changing), fc.integer({ min: -4 * 60, max: 4 * 60 })), {
      numRuns: 200,
      seed,
    })
    await inTurn(cases, async ([timer, distance]) => {
      const somewhen = Temporal.Instant.fromEpochMilliseconds(timer.base).toZonedDateTimeISO(timer.zone)
      const change = somewhen.getTimeZoneTransition('next')?.epochMilliseconds ?? 0
      const base = change + minutes(distance)
      if (!isShownAgain(base, timer.zone)) await agrees({ ...timer, base })
    })
  })
})

async function agrees({ text, zone, base }: Timer): Promise<void> {
  const expected = await elapses(`${text} ${zone}`, base, 6)
  if (!expected) return
  const due = dueTimes(parseSchedule(`calendar ${text}`), { from: base + 1, zone, count: 6 })
  expect({ text, zone, base, due: due.map(toSecond) }).toEqual({ text, zone, base, due: expected })
}

/** Whether the clock shows a time that it has shown before: then systemd lets the repeated wall times count. */
function isShownAgain(at: Instant, zone: string): boolean {
  const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return time.toPlainDateTime().toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds < at
}

function toSecond(time: Instant): Instant {
  return time - (time % seconds(1))
}

/** An expression that elapses often enough, a zone, and the instant after which it is looked at. */
type Timer = { text: string; zone: string; base: Instant }

function aTimer(zones: readonly string[]): fc.Arbitrary<Timer> {
  const hour = fc.constantFrom('*', '0', '1', '2', '3', '0/2', '1..4', '0,2,12', '2,23', '0..5/3')
  const minute = fc.constantFrom('0', '30', '15,45', '0/10', '*', '59')
  const day = fc.constantFrom(
    '',
    '',
    '',
    '*-*-1,15 ',
    '*-*~1..3 ',
    '*-3,10,11-* ',
    'Sun ',
    'Sat,Sun *-*-1..7 ',
    '*-*-29/2 ',
    'Mon *-*~07/1 ',
  )
  return fc
    .record({
      text: fc
        .tuple(day, hour, minute, fc.constantFrom('', '', ':30', ':0/20'))
        .map(([d, h, m, s]) => `${d}${h}:${m}${s}`),
      zone: fc.constantFrom(...zones),
      base: fc.integer({ min: Date.UTC(2024) / 1_000, max: Date.UTC(2028) / 1_000 }).map(seconds => seconds * 1_000),
    })
    .filter(({ text }) => ours(text) !== undefined)
}

/** Works on a few at a time: each asks another process. */
async function inTurn<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all([worker(), worker(), worker()])
}
