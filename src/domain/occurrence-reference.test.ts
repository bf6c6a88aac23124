// Longer than others because it holds the whole judgement once more, which must not borrow from the real one.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anExpectation, type Facts, historyOf, judge } from '../../test/support/judgement.ts'
import { aRun } from '../../test/support/tree.ts'
import { type ConditionRule, conditionRules, conditionStatuses } from './condition.ts'
import { answersFrom, answersUntil, toDueBasis } from './expectation.ts'
import { days, hours, type Instant, minutes } from './instant.ts'
import { deriveNextDeadline } from './occurrence.ts'
import { hasEnded, type RunFacts, type RunState } from './run.ts'

/** Some days of a zone. Nothing happens in the first hours: they are there to be looked back at. */
type Clock = { zone: string; from: Instant }
/** A minute, and what the clock of a zone shows then: milliseconds, as if that clock were in UTC. */
type Tick = { at: Instant; wall: number }
/** A schedule as text and as what it should mean. */
type Meaning =
  | { text: string; rule: 'elapsed' | 'catch up' | 'pass over'; matches: (wall: number) => boolean }
  | { text: string; rule: 'every'; intervalMs: number }
/** All facts of a set, when somebody asks, and every due time that going through the clock finds. */
type Scene = Facts & { clock: Clock; meaning: Meaning; now: Instant; dues: readonly Instant[] }

const walkedDays = 6
const lookedBackMs = hours(12)
const walked = new Map<Clock, readonly Tick[]>()

function ticksOf(clock: Clock): readonly Tick[] {
  const known = walked.get(clock)
  if (known) return known
  const ticks: Tick[] = []
  for (let at = clock.from; at < clock.from + days(walkedDays); at += minutes(1)) {
    const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(clock.zone)
    ticks.push({ at, wall: at + offsetNanoseconds / 1e6 })
  }
  walked.set(clock, ticks)
  return ticks
}

/** Every minute that is due, found by going through the clock. */
function walk(meaning: Meaning, clock: Clock, runs: readonly RunFacts[], expectedFrom: Instant): Instant[] {
  const ticks = ticksOf(clock)
  let shown = (ticks[0]?.wall ?? 0) - minutes(1)
  const due = ticks.filter(({ at, wall }) => {
    if (meaning.rule === 'every') return isMultiple(at - lastStart(runs, at, expectedFrom), meaning.intervalMs)
    const { rule, matches } = meaning
    const before = shown
    shown = Math.max(shown, wall)
    if (rule === 'elapsed') return matches(wall)
    // A wall time that is shown again is not due again; one that is skipped is due now.
    if (wall <= before) return false
    return matches(wall) || (rule === 'catch up' && minutesBetween(before, wall).some(matches))
  })
  return due.map(({ at }) => at)
}

function lastStart(runs: readonly RunFacts[], at: Instant, expectedFrom: Instant): Instant {
  let last = -Infinity
  for (const { startedAt } of runs) if (startedAt < at) last = Math.max(last, startedAt)
  return last === -Infinity ? expectedFrom : last
}

function isMultiple(sinceMs: number, intervalMs: number): boolean {
  return sinceMs > 0 && sinceMs % intervalMs === 0
}

function minutesBetween(before: number, wall: number): number[] {
  const between: number[] = []
  for (let time = before + minutes(1); time < wall; time += minutes(1)) between.push(time)
  return between
}

/** What is said of a set: the rules that hold, and the due time that was missed; nothing where there is no condition. */
type Verdict = { rules: ConditionRule[]; dueAt: Instant | undefined } | undefined

const ruleNames = Object.keys(conditionRules) as ConditionRule[]

/** The design once more: every due time, every run, every minute. Slow, but obviously right. */
function referenceOf(scene: Scene): Verdict {
  const { expectation, runs } = scene
  const newest = newestOf(runs)
  const going = runs.filter(run => !hasEnded(run) && !isTooLong(scene, run))
  const missed = expectation.isEnabled ? (newestMissed(scene) ?? missedEarlier(scene)) : undefined
  const isLater = missed !== undefined && (!newest || newest.startedAt < missed)
  const rules: ConditionRule[] = []
  if (newest && (!isLater || going.includes(newest))) rules.push(...rulesOf(scene, newest))
  else if (isLater) rules.push(going.length > 0 ? 'RUNNING' : 'MISSED')
  if (expectation.isEnabled) rules.push(...objectives(scene))
  if (rules.length === 0) return undefined
  return { rules: ruleNames.filter(name => rules.includes(name)), dueAt: rules.includes('MISSED') ? missed : undefined }
}

function newestOf(runs: readonly RunFacts[]): RunFacts | undefined {
  return runs.find(({ startedAt }) => runs.every(other => other.startedAt <= startedAt))
}

/** Whether somebody has judged after it: in a gap, and in the time to catch up after it, nobody does. */
function hasPassed({ surroundings, now }: Scene, deadline: Instant): boolean {
  const { gaps, catchUpMs } = surroundings.absences
  for (let at = deadline + minutes(1); at <= now; at += minutes(1)) {
    if (!gaps.some(({ from, until }) => from < at && at <= until + catchUpMs)) return true
  }
  return false
}

/** Whether the grace of a due time has passed, of which only the minutes count that were seen, if presence is required. */
function isOver(scene: Scene, due: Instant): boolean {
  const { expectation, surroundings, now } = scene
  const { graceMs, presence } = expectation
  if (presence.kind === 'ignored') return hasPassed(scene, due + graceMs)
  let seenMs = 0
  for (let at = due; at <= now; at += minutes(1)) {
    const isSeen = surroundings.sightings.some(({ from, until }) => from <= at && at <= until)
    if (seenMs === graceMs && (isSeen || graceMs > 0)) return hasPassed(scene, at)
    if (surroundings.sightings.some(({ from, until }) => from <= at && at < until)) seenMs += minutes(1)
  }
  return false
}

/** From when on a run answers the due time of that index; Infinity where the walk has no such. */
function beginOf({ dues, meaning, expectation }: Scene, index: number): Instant {
  const due = dues[index]
  if (due === undefined) return Infinity
  const before = meaning.rule === 'every' ? due - meaning.intervalMs : (dues[index - 1] ?? -Infinity)
  return due - Math.min(expectation.earlyToleranceMs, Math.floor((due - before) / 2))
}

function newestMissed(scene: Scene): Instant | undefined {
  const { dues, runs, expectation } = scene
  const isAnswered = (index: number) =>
    runs.some(({ startedAt }) => startedAt >= beginOf(scene, index) && startedAt < beginOf(scene, index + 1))
  return dues.findLast((due, index) => due > expectation.expectedFrom && !isAnswered(index) && isOver(scene, due))
}

/** What was missed before the schedule changed stays, as long as the new one finds something missing as well. */
function missedEarlier(scene: Scene): Instant | undefined {
  const { dues, runs, expectation } = scene
  const { missedBefore, expectedFrom, earlyToleranceMs } = expectation
  const index = dues.findLastIndex(due => isOver(scene, due))
  const due = dues[index]
  if (missedBefore === null || due === undefined || due > expectedFrom || !isOver(scene, missedBefore)) return undefined
  const answeredFrom = Math.min(missedBefore - earlyToleranceMs, beginOf(scene, index))
  return runs.every(({ startedAt }) => startedAt < answeredFrom) ? missedBefore : undefined
}

function isTooLong(scene: Scene, { startedAt }: RunFacts): boolean {
  return hasPassed(scene, startedAt + scene.expectation.runLimitMs)
}

function rulesOf(scene: Scene, run: RunFacts): ConditionRule[] {
  const isFinished = run.state === 'finished'
  const holds: Partial<Record<ConditionRule, boolean>> = {
    EXCEPTION: run.state === 'crashed' || (!hasEnded(run) && isTooLong(scene, run)),
    ERRORS: run.state === 'failed' || run.errors > 0,
    CANCELED: run.state === 'canceled',
    WARNINGS: run.warnings > 0,
    NO_FILE_DATA_READ: isFinished && run.processedFiles === 0,
    NO_NEW_FILE_DATA: isFinished && run.processedFiles !== 0 && run.newFiles === 0,
    RUNNING: !hasEnded(run),
    COMPLETED: isFinished,
  }
  return ruleNames.filter(name => holds[name])
}

function objectives(scene: Scene): ConditionRule[] {
  const { expectation, runs, surroundings } = scene
  const { rpoMs, presence, expectedFrom } = expectation
  const good = runs.filter(run => run.state === 'finished' && run.errors === 0 && run.processedFiles !== 0)
  const goodAt = newestOf(good)?.startedAt ?? expectedFrom
  const seenAt = surroundings.sightings.at(-1)?.until ?? expectedFrom
  const rules: ConditionRule[] = []
  if (rpoMs !== null && hasPassed(scene, goodAt + rpoMs)) rules.push('RPO_EXCEEDED')
  if (presence.kind === 'required' && hasPassed(scene, seenAt + presence.notSeenMs)) rules.push('NOT_SEEN')
  return rules
}

function verdictOf(facts: Facts, now: Instant): Verdict {
  const { occurrence, condition } = judge(facts, now)
  if (!occurrence || !condition) return undefined
  const isMissed = occurrence.kind === 'due' && condition.rules.includes('MISSED')
  return { rules: condition.rules, dueAt: isMissed ? occurrence.dueAt : undefined }
}

const isMissed = (verdict: Verdict): boolean => verdict?.rules.includes('MISSED') ?? false

const zones = Intl.supportedValuesOf('timeZone')
const [firstYear, yearAfter] = [Date.UTC(2024), Date.UTC(2029)]

/** Any days of any zone, or those around one of its clock changes. */
const someDays: fc.Arbitrary<Clock> = fc
  .record({
    zone: fc.constantFrom(...zones),
    at: fc.integer({ min: firstYear, max: yearAfter }),
    isChange: fc.boolean(),
  })
  .map(({ zone, at, isChange }) => {
    const time = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    const change = isChange ? time.getTimeZoneTransition('previous')?.epochMilliseconds : undefined
    const middle = change !== undefined && change >= firstYear ? change : at
    return { zone, from: Math.floor((middle - days(walkedDays / 2)) / hours(1)) * hours(1) }
  })
/** Few enough that each is gone through once. */
const aClock = fc.constantFrom(...fc.sample(someDays, 150))

/** A field or component: how it is written, and whether a value is in it. */
type Field = { text: string; has: (value: number) => boolean }

const anyValue: Field = { text: '*', has: () => true }

function aList(most: number): fc.Arbitrary<Field> {
  const values = fc.uniqueArray(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 3 })
  return values.map(values => ({ text: values.join(','), has: value => values.includes(value) }))
}

function aStep(star: string): fc.Arbitrary<Field> {
  const step = fc.integer({ min: 2, max: 7 })
  return step.map(step => ({ text: `${star}/${step}`, has: value => value % step === 0 }))
}

function someHours(star: string): fc.Arbitrary<Field> {
  return fc.oneof(aList(23), aList(23), aList(3), aStep(star), fc.constant(anyValue))
}

const someWeekdays = fc.oneof(
  { weight: 3, arbitrary: fc.constant<number[]>([]) },
  fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }),
)
const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function toMatches(minute: Field, hour: Field, weekdays: readonly number[]): (wall: number) => boolean {
  // 1970 began on a Thursday.
  const isDay = (wall: number) => weekdays.length === 0 || weekdays.includes((Math.floor(wall / days(1)) + 4) % 7)
  return wall =>
    minute.has(Math.floor(wall / minutes(1)) % 60) && hour.has(Math.floor(wall / hours(1)) % 24) && isDay(wall)
}

const aCron: fc.Arbitrary<Meaning> = fc
  .record({ minute: fc.oneof(aList(59), aStep('*')), hour: someHours('*'), weekdays: someWeekdays })
  .map(({ minute, hour, weekdays }) => ({
    text: `cron ${minute.text} ${hour.text} * * ${weekdays.join(',') || '*'}`,
    rule: minute.text.startsWith('*') || hour.text.startsWith('*') ? 'elapsed' : 'catch up',
    matches: toMatches(minute, hour, weekdays),
  }))

const aCalendar: fc.Arbitrary<Meaning> = fc
  .record({ minute: aList(59), hour: someHours('0'), weekdays: someWeekdays })
  .map(({ minute, hour, weekdays }) => ({
    text: `calendar ${weekdays.map(weekday => weekdayNames[weekday]).join(',')} ${hour.text}:${minute.text}`,
    rule: 'pass over',
    matches: toMatches(minute, hour, weekdays),
  }))

const anInterval: fc.Arbitrary<Meaning> = fc
  .oneof(fc.constantFrom(1, 10, 15, 30, 60, 24 * 60), fc.integer({ min: 1, max: 30 * 60 }))
  .map(count => ({ text: `every ${count}m`, rule: 'every', intervalMs: minutes(count) }))

const aMeaning = fc.oneof(aCron, aCalendar, anInterval)

/** A moment as it is drawn: so many minutes from an edge of some due time, often right on it or beside it. */
type Moment = { index: number; edge: 'due' | 'earliest' | 'halfway' | 'graceEnd'; offset: number }
type Span = { from: Moment; lengthMs: number }

const aMoment: fc.Arbitrary<Moment> = fc.record({
  index: fc.nat({ max: 1_000 }),
  edge: fc.constantFrom('due', 'earliest', 'halfway', 'graceEnd'),
  offset: fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -600, max: 600 })),
})
const aLength = (most: number, ...usual: number[]) =>
  fc.oneof(fc.constantFrom(...usual), fc.integer({ min: 0, max: most })).map(count => minutes(count))
const aSpan: fc.Arbitrary<Span> = fc.record({ from: aMoment, lengthMs: aLength(1_000, 0, 1, 15, 60, 600) })

const aRunPlan = fc.record({
  start: aMoment,
  lengthMs: aLength(1_800, 0, 10, 60),
  state: fc.constantFrom<RunState[]>('finished', 'finished', 'running', 'failed', 'crashed', 'canceled', 'paused'),
  errors: fc.constantFrom(0, 0, 0, 2),
  warnings: fc.constantFrom(0, 0, 1),
  processedFiles: fc.constantFrom(10, 10, 0),
  newFiles: fc.constantFrom(3, 3, 0),
})

const aPlan = fc.record({
  graceMs: aLength(26 * 60, 0, 60),
  earlyToleranceMs: aLength(180, 0, 15),
  runLimitMs: aLength(30 * 60, 1, 24 * 60).map(limitMs => Math.max(limitMs, minutes(1))),
  rpoMs: fc.option(aLength(4 * 24 * 60, 24 * 60), { freq: 3 }),
  isEnabled: fc.nat({ max: 9 }).map(draw => draw > 0),
  expectedAfterMs: aLength(36 * 60, 0),
  runs: fc.array(aRunPlan, { maxLength: 5 }),
  now: aMoment,
})
type Plan = typeof aPlan extends fc.Arbitrary<infer Drawn> ? Drawn : never

/** What only some scenes have: a server that was away, a computer that comes and goes, a schedule that changed. */
type Extras = {
  absences?: { gaps: Span[]; catchUpMs: number }
  presence?: { sightings: Span[]; notSeenMs: number }
  /** What was missed when the schedule changed, and how long ago that was. */
  change?: { missedBefore: Moment; agoMs: number }
}

const none: fc.Arbitrary<Extras> = fc.constant({})
const absences = fc.record({ gaps: fc.array(aSpan, { maxLength: 4 }), catchUpMs: aLength(90, 0, 15) })
const presence = fc.record({ sightings: fc.array(aSpan, { maxLength: 6 }), notSeenMs: aLength(3 * 24 * 60, 24 * 60) })
const change = fc.record({ missedBefore: aMoment, agoMs: aLength(1_800, 0, 60) })
const anyExtras: fc.Arbitrary<Extras> = fc.oneof(
  none,
  fc.record({ absences }),
  fc.record({ presence }),
  fc.record({ absences, presence }),
  fc.record({ change }),
)

/** Puts a plan on a clock. All that happens is placed by due times; of `every`, runs by those without any run. */
function toScene(clock: Clock, meaning: Meaning, plan: Plan, extras: Extras): Scene {
  const { expectedAfterMs, runs: runPlans, now, ...limits } = plan
  const expectedFrom = clock.from + lookedBackMs + expectedAfterMs
  const placeRun = toPlaces(clock, plan, walk(meaning, clock, [], expectedFrom))
  const placed = runPlans.map(({ start, lengthMs, ...facts }) =>
    aRun({ ...facts, startedAt: placeRun(start), updatedAt: placeRun(start) + lengthMs }),
  )
  // Which of two that started at once is the newer, the reference cannot know.
  const runs = [...new Map(placed.map(run => [run.startedAt, run])).values()]
  const dues = walk(meaning, clock, runs, expectedFrom)
  const place = toPlaces(clock, plan, dues)
  const { absences, presence, change } = extras
  const expectation = anExpectation({
    ...limits,
    schedule: meaning.text,
    zone: clock.zone,
    expectedFrom,
    presence: presence ? { kind: 'required', notSeenMs: presence.notSeenMs } : { kind: 'ignored' },
    missedBefore: change ? Math.min(place(change.missedBefore), expectedFrom) : null,
  })
  const surroundings = {
    absences: { gaps: toSpans(absences?.gaps ?? [], place), catchUpMs: absences?.catchUpMs ?? minutes(15) },
    sightings: toSpans(presence?.sightings ?? [], place),
  }
  const at = change ? expectedFrom + change.agoMs : place(now)
  return { clock, meaning, expectation, runs, dues, surroundings, now: at }
}

/** Where drawn moments lie on a clock, given its due times. */
function toPlaces(
  clock: Clock,
  { graceMs, earlyToleranceMs }: Plan,
  dues: readonly Instant[],
): (moment: Moment) => Instant {
  const [first, last] = [clock.from + lookedBackMs, clock.from + days(walkedDays - 1)]
  const anchors = dues.filter(due => due >= first && due < last)
  return ({ index, edge, offset }) => {
    const which = index % Math.max(anchors.length, 1)
    const due = anchors[which] ?? first + minutes(index)
    const halfMs = Math.floor((due - (anchors[which - 1] ?? first)) / minutes(2)) * minutes(1)
    const edgeMs = { due: 0, earliest: -earlyToleranceMs, halfway: -halfMs, graceEnd: graceMs }[edge]
    return Math.min(Math.max(due + edgeMs + minutes(offset), first), last)
  }
}

/** Spans of time, oldest first: each begins where it is drawn, or when the one before it ends. */
function toSpans(spans: readonly Span[], place: (moment: Moment) => Instant): { from: Instant; until: Instant }[] {
  let end = 0
  return spans
    .map(({ from, lengthMs }) => ({ from: place(from), lengthMs }))
    .toSorted((one, other) => one.from - other.from)
    .map(({ from, lengthMs }) => {
      const start = Math.max(from, end)
      end = start + lengthMs
      return { from: start, until: end }
    })
}

type Check = (scene: Scene, draw: number) => void

/** Checks something about many scenes; `draw` is a number from 0 to below 1 for what is to be chosen in a scene. */
function forScenes(numRuns: number, extras: fc.Arbitrary<Extras>, check: Check): void {
  const aDraw = fc.nat({ max: 999_999 }).map(draw => draw / 1_000_000)
  const scenes = fc.property(aClock, aMeaning, aPlan, extras, aDraw, (clock, meaning, plan, extras, draw) => {
    check(toScene(clock, meaning, plan, extras), draw)
  })
  fc.assert(scenes, { numRuns })
}

/** Whether the walk goes back far enough to tell what was due last when the schedule changed. */
function isTold({ expectation, dues }: Scene): boolean {
  return expectation.missedBefore === null || dues.some(due => due < expectation.expectedFrom - hours(27))
}

/** What is printed when a scene is judged wrongly. */
function told({ meaning, expectation, runs, surroundings, now }: Scene): string {
  const toDate = (_: string, value: unknown) =>
    typeof value === 'number' && value > Date.UTC(2023) ? new Date(value).toISOString() : value
  return JSON.stringify({ ...expectation, schedule: meaning.text, runs, surroundings, now }, toDate, 1)
}

describe('a set is judged as going through its due times and runs minute by minute judges it', () => {
  function agrees(scene: Scene): void {
    expect(verdictOf(scene, scene.now), told(scene)).toEqual(referenceOf(scene))
  }

  test('on any days of any zone', () => {
    expect(zones.length).toBeGreaterThan(400)
    forScenes(1_500, none, scene => {
      agrees(scene)
      agrees({ ...scene, now: scene.now + minutes(1) })
    })
  })

  test('after times in which nobody judged', () => {
    forScenes(800, fc.record({ absences }), agrees)
  })

  test('where only the time counts in which the computer was seen', () => {
    forScenes(600, fc.record({ presence }), agrees)
    forScenes(300, fc.record({ absences, presence }), agrees)
  })

  test('after a change of its schedule', () => {
    forScenes(1_200, fc.record({ change }), scene => {
      if (isTold(scene)) agrees(scene)
    })
  })
})

test('a run answers a due time from its early tolerance on, at most from half the gap, until it answers the next', () => {
  forScenes(300, none, scene => {
    const { dues, runs, expectation, meaning, clock } = scene
    const basis = toDueBasis(expectation, newestOf(runs)?.startedAt)
    const first = meaning.rule === 'every' ? basis.lastStartedAt : clock.from + lookedBackMs
    for (const [index, due] of dues.entries()) {
      if (due <= first || index === dues.length - 1) continue
      expect(answersFrom(expectation, due, basis)).toBe(beginOf(scene, index))
      expect(answersUntil(expectation, due, basis)).toBe(beginOf(scene, index + 1))
    }
  })
})

describe('whatever the facts', () => {
  const rank = (facts: Facts, now: Instant) => {
    const { condition } = judge(facts, now)
    return condition ? conditionStatuses.indexOf(condition.status) : undefined
  }

  test('there is a condition as soon as a run exists, or a due time has passed with its grace', () => {
    forScenes(500, anyExtras, scene => {
      const { dues, runs, expectation, now } = scene
      const isDue = dues.some(due => due > expectation.expectedFrom && isOver(scene, due))
      const { occurrence, condition } = judge(scene, now)
      expect(occurrence === undefined, told(scene)).toBe(condition === undefined)
      if (runs.length > 0 || (isDue && expectation.isEnabled)) expect(condition, told(scene)).toBeDefined()
    })
  })

  test('more errors or warnings never improve the status', () => {
    forScenes(500, anyExtras, (scene, draw) => {
      const { runs, now, expectation } = scene
      const goodAt = historyOf(runs).lastGoodAt ?? Infinity
      // Without a good backup the objective counts from the last change of the schedule, which may be later.
      if (expectation.rpoMs !== null && goodAt < expectation.expectedFrom) return
      const chosen = Math.floor(draw * runs.length)
      for (const count of ['errors', 'warnings'] as const) {
        const worse = runs.map((run, index) => (index === chosen ? { ...run, [count]: run[count] + 1 } : run))
        const [before = 0, after = 0] = [rank(scene, now), rank({ ...scene, runs: worse }, now)]
        expect(after, told(scene)).toBeLessThanOrEqual(before)
      }
    })
  })

  test('what was missed does not become better by waiting', () => {
    forScenes(800, anyExtras, (scene, draw) => {
      if (!isMissed(verdictOf(scene, scene.now))) return
      const later = scene.now + Math.floor(draw * days(3))
      expect(rank(scene, later), told(scene)).toBe(rank(scene, scene.now))
    })
  })

  test('the order in which runs are told changes nothing', () => {
    forScenes(300, anyExtras, (scene, draw) => {
      const turned = scene.runs.map((_, index, runs) => runs[(index + Math.floor(draw * runs.length)) % runs.length])
      for (const runs of [scene.runs.toReversed(), turned.filter(run => run !== undefined)]) {
        expect(historyOf(runs)).toEqual(historyOf(scene.runs))
        expect(judge({ ...scene, runs }, scene.now)).toEqual(judge(scene, scene.now))
      }
    })
  })
})

describe('the next deadline', () => {
  const nextOf = ({ expectation, runs, surroundings }: Scene, now: Instant) =>
    deriveNextDeadline(expectation, historyOf(runs), surroundings, now)

  test('is not yet there, and until then nothing changes by itself', () => {
    forScenes(2_000, anyExtras, (scene, draw) => {
      const { now } = scene
      const next = nextOf(scene, now) ?? now + days(30)
      expect(next).toBeGreaterThan(now)
      for (const at of [now + Math.floor(draw * (next - now)), next - 1]) {
        expect(verdictOf(scene, at), told({ ...scene, now: at })).toEqual(verdictOf(scene, now))
      }
    })
  })

  test('leads, from one to the next, to the very moment at which something counts as missed', () => {
    forScenes(1_200, anyExtras, scene => {
      const until = scene.clock.from + days(walkedDays)
      let now = scene.now
      for (let next = nextOf(scene, now); next !== undefined && next < until; next = nextOf(scene, now)) {
        if (isMissed(verdictOf(scene, now))) break
        now = next
      }
      if (now === scene.now || !isTold(scene) || !isMissed(verdictOf(scene, now))) return
      const { occurrence } = judge(scene, now)
      const missedAt = occurrence?.kind === 'due' ? occurrence.missedAt : undefined
      expect(missedAt, told(scene)).toBe(now - 1)
      expect(isMissed(referenceOf({ ...scene, now: now - 1 })), told(scene)).toBe(false)
      expect(isMissed(referenceOf({ ...scene, now: now - 1 + minutes(1) })), told(scene)).toBe(true)
    })
  })
})
