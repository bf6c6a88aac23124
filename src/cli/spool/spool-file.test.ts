import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, reportKinds, withoutOutput } from './report.ts'
import { parseSpoolFile, type SpooledReport, toSpoolBytes } from './spool-file.ts'

const texts = fc.dictionary(fc.stringMatching(/^[a-z_]{1,10}$/), fc.string())
const headers = fc.dictionary(fc.stringMatching(/^[a-z-]{1,10}$/), fc.stringMatching(/^[ -~]{0,20}$/))

const aSpooledReport: fc.Arbitrary<SpooledReport> = fc.record({
  kind: fc.constantFrom(...reportKinds),
  runKey: fc.uuid(),
  set: fc.string({ unit: 'binary' }),
  path: fc.constant('/v1/runs'),
  query: texts,
  server: fc.webUrl(),
  keyFingerprint: fc.stringMatching(/^[\da-f]{12}$/),
  spooledAt: fc.nat(),
  content: fc.record({ headers, body: fc.uint8Array({ maxLength: 2_000 }).map(bytes => Buffer.from(bytes)) }),
})

describe('a file of the spool', () => {
  test('is read as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(aSpooledReport, report => {
        const read = parseSpoolFile(toSpoolBytes(report))
        expect({ ...read, query: { ...read.query } }).toEqual({ ...report, query: { ...report.query } })
      }),
    )
  })

  test('that is cut anywhere is refused', () => {
    fc.assert(
      fc.property(aSpooledReport, fc.nat(), (report, at) => {
        const bytes = toSpoolBytes(report)
        expect(() => parseSpoolFile(bytes.subarray(0, at % bytes.length))).toThrow(/^It /)
      }),
    )
  })

  test('of which one bit is another is refused', () => {
    fc.assert(
      fc.property(aSpooledReport, fc.nat(), fc.nat(7), (report, at, bit) => {
        const bytes = toSpoolBytes(report)
        const place = at % bytes.length
        bytes[place] = (bytes[place] ?? 0) ^ (1 << bit)
        expect(() => parseSpoolFile(bytes)).toThrow(/^It/)
      }),
    )
  })

  test('that is anything else is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(() => parseSpoolFile(Buffer.from(bytes))).toThrow(/^It /)
      }),
    )
  })

  test.each<[string, object]>([
    ['no kind', { kind: 'other' }],
    ['a path that leads elsewhere', { path: '@example.net/' }],
    ['a query that is none', { query: { a: 1 } as unknown as Record<string, string> }],
    ['a header of two lines', { content: { headers: { a: 'b\r\nc: d' }, body: Buffer.alloc(0) } }],
  ])('with the right checksum and %s is refused', (_, wrong) => {
    const right: SpooledReport = {
      kind: 'result',
      runKey: 'a',
      set: 'b',
      path: '/v1/runs',
      query: {},
      server: 'http://localhost',
      keyFingerprint: 'c',
      spooledAt: 1,
      content: { headers: {}, body: Buffer.alloc(0) },
    }
    expect(parseSpoolFile(toSpoolBytes(right))).toEqual(right)
    expect(() => parseSpoolFile(toSpoolBytes({ ...right, ...wrong }))).toThrow(/^Its /)
  })
})

test('a fingerprint tells keys apart and does not hold them', () => {
  const [one, other] = [`lgk_${'a'.repeat(43)}`, `lgk_${'a'.repeat(42)}b`]
  expect(fingerprintOf(one)).toMatch(/^[\da-f]{12}$/)
  expect(fingerprintOf(one)).toBe(fingerprintOf(one))
  expect(fingerprintOf(one)).not.toBe(fingerprintOf(other))
})

test('a result without its output says so', () => {
  const report = withoutOutput({
    kind: 'result',
    runKey: 'a',
    set: 'b',
    path: '/v1/runs',
    query: { exit_status: '0' },
    content: { headers: { 'content-encoding': 'gzip' }, body: Buffer.from('output') },
  })
  expect(report.query).toEqual({ exit_status: '0', output: 'dropped' })
  expect(report.content).toEqual({ headers: { 'content-type': 'text/plain' }, body: Buffer.alloc(0) })
})
