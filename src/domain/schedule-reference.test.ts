import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { days, hours, type Instant, minutes } from './instant.ts'
import { nextDue, parseSchedule, previousDue } from './schedule.ts'

/**
 * The rules once more, minute by minute and by Temporal: slow, but obviously right. What it is asked for is bounded by
 * a window of instants, in which at most one clock change lies.
 */
type Window = { zone: string; from: Instant; until: Instant; shown: Shown[]; wall: Wall[] }
/** An instant, and what the clock shows then. */
type Shown = { at: Instant; time: Temporal.ZonedDateTime }
/** A wall time: when it comes first, or, where a change skips it, when that gap ends. */
type Wall = { time: Temporal.PlainDateTime; first: Instant | undefined; gapEnd: Instant }

function openWindow(zone: string, from: Instant, until: Instant): Window {
  const shown: Shown[] = []
  for (let at = from; at < until; at += minutes(1)) {
    shown.push({ at, time: Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone) })
  }
  const [first, last] = [shown[0]?.time, shown.at(-1)?.time].map(time => time?.toPlainDateTime())
  if (!first || !last) throw new Error('A window must not be empty.')
  const wall: Wall[] = []
  for (let time = first; Temporal.PlainDateTime.compare(time, last) <= 0; time = time.add({ minutes: 1 })) {
    wall.push(toWall(time, zone))
  }
  return { zone, from, until, shown, wall }
}

function toWall(time: Temporal.PlainDateTime, zone: string): Wall {
  const earlier = time.toZonedDateTime(zone, { disambiguation: 'earlier' })
  if (earlier.toPlainDateTime().equals(time)) return { time, first: earlier.epochMilliseconds, gapEnd: 0 }
  return { time, first: undefined, gapEnd: earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? 0 }
}

type ClockTime = Temporal.PlainDateTime | Temporal.ZonedDateTime
/** A schedule as text and as what it should mean. */
type Case = { text: string; rule: 'elapsed' | 'catch up' | 'pass over'; matches: (time: ClockTime) => boolean }

function referenceOf({ rule, matches }: Case, { shown, wall, from, until }: Window): Instant[] {
  if (rule === 'elapsed') return shown.filter(({ time }) => matches(time)).map(({ at }) => at)
  const due = wall
    .filter(({ time, first }) => matches(time) && (first !== undefined || rule === 'catch up'))
    .map(({ first, gapEnd }) => first ?? gapEnd)
  return [...new Set(due)].filter(at => at >= from && at < until)
}

function forwards(text: string, { zone, from, until }: Window): Instant[] {
  const schedule = parseSchedule(text)
  const due: Instant[] = []
  let next = nextDue(schedule, from - 1, { zone })
  while (next !== undefined && next < until) {
    due.push(next)
    next = nextDue(schedule, next, { zone })
  }
  return due
}

function backwards(text: string, { zone, from, until }: Window): Instant[] {
  const schedule = parseSchedule(text)
  const due: Instant[] = []
  let previous = previousDue(schedule, until - 1, { zone })
  while (previous !== undefined && previous >= from) {
    due.unshift(previous)
    previous = previousDue(schedule, previous - 1, { zone })
  }
  return due
}

/** From any instant between two due times the answers are these two. */
function between(text: string, { zone, from, until }: Window, due: readonly Instant[]): void {
  const schedule = parseSchedule(text)
  for (let at = from; at < until; at += minutes(17)) {
    const next = due.find(time => time > at)
    const previous = due.findLast(time => time <= at)
    if (next !== undefined) expect(nextDue(schedule, at, { zone })).toBe(next)
    if (previous !== undefined) expect(previousDue(schedule, at, { zone })).toBe(previous)
  }
}

/** A field or component: how it is written, and whether a value is in it. */
type Field = { text: string; has: (value: number) => boolean }

const any: Field = { text: '*', has: () => true }

function anyField(least: number, most: number, isCron: boolean): fc.Arbitrary<Field> {
  const value = fc.integer({ min: least, max: most })
  const list = fc.uniqueArray(value, { minLength: 1, maxLength: 3 }).map(values => ({
    text: values.join(','),
    has: (one: number) => values.includes(one),
  }))
  const pair = fc.uniqueArray(value, { minLength: 2, maxLength: 2 })
  const range = fc.tuple(pair, fc.integer({ min: 1, max: 5 })).map(([values, step]) => {
    const [low = least, high = most] = values.toSorted((a, b) => a - b)
    return {
      text: `${low}${isCron ? '-' : '..'}${high}${step === 1 ? '' : `/${step}`}`,
      has: (one: number) => one >= low && one <= high && (one - low) % step === 0,
    }
  })
  const steps = fc.integer({ min: 2, max: Math.floor((most - least) / 2) }).map(step => ({
    text: isCron ? `*/${step}` : `${least}/${step}`,
    has: (one: number) => (one - least) % step === 0,
  }))
  return fc.oneof(list, range, steps)
}

/** Hours near midnight and the usual clock changes more often than others. */
const someHours = (isCron: boolean) =>
  fc.oneof(
    anyField(0, 23, isCron),
    anyField(0, 4, isCron).filter(({ text }) => /^[\d,]+$/.test(text)),
    fc.constant(any),
  )
const mostly = (field: fc.Arbitrary<Field>) => fc.oneof({ weight: 4, arbitrary: fc.constant(any) }, field)

const aCron: fc.Arbitrary<Case> = fc
  .record({
    minute: anyField(0, 59, true),
    hour: someHours(true),
    date: mostly(anyField(1, 31, true)),
    month: mostly(anyField(1, 12, true)),
    weekday: mostly(anyField(0, 6, true)),
  })
  .map(({ minute, hour, date, month, weekday }) => {
    const hasStar = date.text.startsWith('*') || weekday.text.startsWith('*')
    return {
      text: `cron ${[minute, hour, date, month, weekday].map(field => field.text).join(' ')}`,
      rule: minute.text.startsWith('*') || hour.text.startsWith('*') ? 'elapsed' : 'catch up',
      matches: time => {
        const [hasDate, hasWeekday] = [date.has(time.day), weekday.has(time.dayOfWeek % 7)]
        const hasDay = hasStar ? hasDate && hasWeekday : hasDate || hasWeekday
        return minute.has(time.minute) && hour.has(time.hour) && month.has(time.month) && hasDay
      },
    }
  })

const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

const aCalendar: fc.Arbitrary<Case> = fc
  .record({
    weekdays: fc.oneof(fc.constant<number[]>([]), fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 6 })),
    month: mostly(anyField(1, 12, false)),
    day: mostly(anyField(1, 31, false)),
    fromEnd: fc.option(fc.integer({ min: 1, max: 28 }), { freq: 5, nil: undefined }),
    hour: someHours(false),
    minute: anyField(0, 59, false),
  })
  .map(({ weekdays, month, day, fromEnd, hour, minute }) => {
    const names = weekdays.map(weekday => weekdayNames[weekday - 1])
    const dayText = fromEnd === undefined ? `-${day.text}` : `~${fromEnd}`
    return {
      text: `calendar ${names.join(',')} *-${month.text}${dayText} ${hour.text}:${minute.text}`,
      rule: 'pass over',
      matches: time => {
        if (weekdays.length > 0 && !weekdays.includes(time.dayOfWeek)) return false
        const hasDay = fromEnd === undefined ? day.has(time.day) : time.daysInMonth + 1 - time.day === fromEnd
        return hasDay && month.has(time.month) && hour.has(time.hour) && minute.has(time.minute)
      },
    }
  })

/** Those that ever come. */
const aCase = fc.oneof(aCron, aCalendar).filter(({ text }) => {
  try {
    return parseSchedule(text).text !== ''
  } catch {
    return false
  }
})

const zones = Intl.supportedValuesOf('timeZone')
const [firstYear, yearAfter] = [Date.UTC(2024), Date.UTC(2029)]

/** The clock changes of a zone in these years; of a zone without any, some instant. */
function changesOf(zone: string): Instant[] {
  const changes: Instant[] = []
  let change = Temporal.Instant.fromEpochMilliseconds(firstYear).toZonedDateTimeISO(zone).getTimeZoneTransition('next')
  while (change && change.epochMilliseconds < yearAfter) {
    changes.push(change.epochMilliseconds)
    change = change.getTimeZoneTransition('next')
  }
  return changes.length > 0 ? changes : [Date.UTC(2028, 1, 29, 12)]
}

function agrees(one: Case, window: Window): void {
  const due = referenceOf(one, window)
  expect({ ...one, zone: window.zone, due: forwards(one.text, window) }).toEqual({ ...one, zone: window.zone, due })
  expect({ ...one, zone: window.zone, due: backwards(one.text, window) }).toEqual({ ...one, zone: window.zone, due })
  between(one.text, window, due)
}

describe('due times are those that going through the clock minute by minute finds', () => {
  test('around a clock change of every zone', () => {
    expect(zones.length).toBeGreaterThan(400)
    const seeds = fc.sample(fc.nat(), zones.length)
    for (const [index, zone] of zones.entries()) {
      const changes = changesOf(zone)
      const change = changes[(seeds[index] ?? 0) % changes.length] ?? firstYear
      const window = openWindow(zone, change - hours(4), change + hours(4))
      for (const one of fc.sample(aCase, { seed: seeds[index] ?? 0, numRuns: 12 })) agrees(one, window)
    }
  })

  test('on any days of any zone', () => {
    const anyWindow = fc
      .record({
        zone: fc.constantFrom(...zones),
        day: fc.integer({ min: 0, max: 5 * 365 }),
        length: fc.constantFrom(1, 3),
      })
      .map(({ zone, day, length }) => openWindow(zone, firstYear + days(day), firstYear + days(day + length)))
    fc.assert(
      fc.property(anyWindow, fc.array(aCase, { minLength: 10, maxLength: 10 }), (window, cases) => {
        for (const one of cases) agrees(one, window)
      }),
      { numRuns: 60 },
    )
  })
})

test('previous and next due times answer each other, whenever and wherever', () => {
  const anInstant = fc.integer({ min: Date.UTC(1971), max: Date.UTC(2100) })
  fc.assert(
    fc.property(aCase, fc.constantFrom(...zones), anInstant, ({ text }, zone, at) => {
      const schedule = parseSchedule(text)
      const next = nextDue(schedule, at, { zone })
      const previous = previousDue(schedule, at, { zone })
      if (next !== undefined) {
        expect(next).toBeGreaterThan(at)
        expect(previousDue(schedule, next, { zone })).toBe(next)
        expect(previousDue(schedule, next - 1, { zone })).toBe(previous)
      }
      if (previous !== undefined) {
        expect(previous).toBeLessThanOrEqual(at)
        expect(nextDue(schedule, previous, { zone })).toBe(next)
        expect(nextDue(schedule, previous - 1, { zone })).toBe(previous)
      }
    }),
    { numRuns: 5_000 },
  )
})
