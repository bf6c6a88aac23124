import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Ledger, noneDropped, parseLedger } from './ledger.ts'

const empty: Ledger = { servers: {}, reports: {}, dropped: noneDropped }

test('a ledger is read as it was written', () => {
  const backOff = { failures: 3, since: 1, notBefore: 2, reason: 'away' }
  const ledger = { servers: { a: backOff }, reports: { b: backOff }, dropped: { ...noneDropped, result: 2 } }
  expect(parseLedger(JSON.stringify(ledger))).toEqual(ledger)
})

test.each(['', '{', 'null', '[]', '1', '{"servers":[1],"reports":{"a":{"failures":-1}},"dropped":{"start":"2"}}'])(
  'of %s nothing is believed',
  text => {
    expect(parseLedger(text)).toEqual(empty)
  },
)

test('any text is a ledger, and any JSON', () => {
  const members = fc.dictionary(fc.constantFrom('servers', 'reports', 'dropped'), fc.jsonValue())
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        members.map(value => JSON.stringify(value)),
      ),
      text => {
        const { servers, reports } = parseLedger(text)
        for (const { failures } of [...Object.values(servers), ...Object.values(reports)])
          expect(failures).toBeGreaterThanOrEqual(0)
      },
    ),
  )
})
