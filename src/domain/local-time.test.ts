import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minutes } from './instant.ts'
import { formatLocalTime, parseLocalTime, toLocalTime } from './local-time.ts'
import { offsetMinutesAt, parseTimeZone } from './time-zone.ts'

const zones = Intl.supportedValuesOf('timeZone')
const anInstant = fc.integer({ min: Date.UTC(1973, 0, 1), max: Date.UTC(2060, 0, 1) })

describe('a local time is written with seconds and a numeric offset', () => {
  test.each([
    [Date.UTC(2026, 2, 5, 6), 'America/New_York', '2026-03-05T01:00:00-05:00'],
    [Date.UTC(2026, 6, 5, 6), 'America/New_York', '2026-07-05T02:00:00-04:00'],
    [Date.UTC(2026, 0, 1), 'UTC', '2026-01-01T00:00:00+00:00'],
    [Date.UTC(2026, 0, 1, 0, 0, 0, 999), 'Asia/Kathmandu', '2026-01-01T05:45:00+05:45'],
    [Date.UTC(2026, 0, 1), 'Australia/Lord_Howe', '2026-01-01T11:00:00+11:00'],
    [Date.UTC(2026, 5, 1), 'Australia/Lord_Howe', '2026-06-01T10:30:00+10:30'],
  ])('%d in %s is %s', (instant, zone, text) => {
    expect(formatLocalTime(toLocalTime(instant, zone))).toBe(text)
  })
})

test('the offset of every zone at every instant is that of Temporal', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), anInstant, (zone, instant) => {
      const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
      expect(offsetMinutesAt(instant, zone)).toBe(offsetNanoseconds / 60e9)
    }),
    { numRuns: 2_000 },
  )
})

describe('reading a date', () => {
  const read = (text: string, zone = 'America/New_York') => formatLocalTime(parseLocalTime(text, zone, 'local_start'))

  test.each([
    ['a numeric offset is kept', '2026-03-05T01:00:00-05:00', '2026-03-05T01:00:00-05:00'],
    ['an offset of another zone is kept', '2026-03-05T01:00:00+09:00', '2026-03-05T01:00:00+09:00'],
    ['an offset without a colon is read', '2026-03-05T01:00:00-0500', '2026-03-05T01:00:00-05:00'],
    ['Z is shown on the clock of the zone', '2026-03-05T06:00:00Z', '2026-03-05T01:00:00-05:00'],
    ['no offset means the clock of the zone', '2026-03-05T01:00:00', '2026-03-05T01:00:00-05:00'],
    ['a fraction is cut', '2026-03-05T01:00:00.999999999Z', '2026-03-04T20:00:00-05:00'],
    ['seconds may be left out', '2026-03-05T01:00-05:00', '2026-03-05T01:00:00-05:00'],
    ['a wall time that a clock change skips moves on', '2026-03-08T02:30:00', '2026-03-08T03:30:00-04:00'],
    ['a wall time that occurs twice is the first', '2026-11-01T01:30:00', '2026-11-01T01:30:00-04:00'],
    ['a leap second is the second before', '2016-12-31T23:59:60Z', '2016-12-31T18:59:59-05:00'],
  ])('%s', (_, text, written) => {
    expect(read(text)).toBe(written)
  })

  test.each([
    '',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01',
    '1969-12-31T23:59:59Z',
    '0001-01-01T00:00:00Z',
    '0070-01-01T00:00:00Z',
    '2026-01-01T00:00:00+19:00',
    '2026-01-01T00:00:00+00:60',
    '+012026-01-01T00:00:00Z',
    '1700000000',
    '9999-12-31T23:59:59-05:00',
  ])('%j is refused by the name of its member', text => {
    expect(() => read(text)).toThrow(/^local_start must be a date such as/)
  })

  test('what was written is read back as it was', () => {
    fc.assert(
      fc.property(anInstant, fc.integer({ min: -18 * 60, max: 18 * 60 }), (instant, offsetMinutes) => {
        const at = Math.floor(instant / 1_000) * 1_000
        expect(parseLocalTime(formatLocalTime({ at, offsetMinutes }), 'UTC', 'x')).toEqual({ at, offsetMinutes })
      }),
    )
  })

  test('no text makes it throw anything but invalid', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789-:TZ+. '.split('')) })),
        text => {
          try {
            parseLocalTime(text, 'Europe/Berlin', 'x')
          } catch (error) {
            expect(error).toMatchObject({ kind: 'invalid' })
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('a time zone', () => {
  test.each(['UTC', 'Europe/Berlin', 'US/Eastern', 'Etc/GMT+5', 'Asia/Calcutta'])('%s is accepted', zone => {
    expect(parseTimeZone(zone)).toBe(zone)
  })
  test.each(['', 'Mars/Base', '+01:00', '-05', 'Europe/Berlin ', 'PST', 'SystemV/AST4', 'x'.repeat(1_000)])(
    '%j is refused',
    zone => {
      expect(() => parseTimeZone(zone)).toThrow(/not an IANA time zone/)
    },
  )
  test('an offset holds for its whole quarter of an hour and no longer', () => {
    const change = Date.UTC(2026, 2, 8, 7)
    expect(offsetMinutesAt(change - 1, 'America/New_York')).toBe(-300)
    expect(offsetMinutesAt(change, 'America/New_York')).toBe(-240)
    expect(offsetMinutesAt(change + minutes(15), 'America/New_York')).toBe(-240)
  })
})
