import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { backupTools } from '../../../src/backup-tools/index.ts'
import { recordedCases, recordedOutput } from '../../support/recorded-cases.ts'
import { mutated, odd } from '../mutations.ts'

/** A body as it is sent: with its type, and in an encoding that may not be the one that it says. `text` is what it held before. */
export type FuzzBody = { text: string; payload: Buffer; headers: Record<string, string> }

const encodings = ['gzip', 'deflate', 'br', 'x-gzip', 'identity', 'odd']

/** A text as a body: plain, in gzip, in gzip with a fault, or with an encoding that it has not. */
export function bodyOf(text: fc.Arbitrary<string>, types: readonly string[]): fc.Arbitrary<FuzzBody> {
  const wire = fc.oneof(
    { weight: 12, arbitrary: fc.constant((bytes: Buffer) => ({ payload: bytes, encoding: '' })) },
    { weight: 3, arbitrary: fc.constant((bytes: Buffer) => ({ payload: gzipSync(bytes), encoding: 'gzip' })) },
    { weight: 1, arbitrary: fc.nat(10_000).map(at => (bytes: Buffer) => brokenGzip(bytes, at)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...encodings).map(encoding => (bytes: Buffer) => ({ payload: bytes, encoding })),
    },
  )
  const type = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...types) }, { weight: 1, arbitrary: headerText })
  return fc.tuple(text, wire, type).map(([text, toWire, type]) => {
    const { payload, encoding } = toWire(Buffer.from(text))
    const headers = { 'content-type': type, ...(encoding !== '' && { 'content-encoding': encoding }) }
    return { text, payload, headers }
  })
}

function brokenGzip(bytes: Buffer, at: number) {
  const payload = gzipSync(bytes)
  const place = at % payload.length
  if (at % 2 === 0) return { payload: payload.subarray(0, place), encoding: 'gzip' }
  payload[place] = (payload[place] ?? 0) ^ 0x55
  return { payload, encoding: 'gzip' }
}

/** What a header can hold; anything else no client can send. */
export const headerText = odd.map(text => text.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, 2_000))

/** A query: some parameters with usual or odd values, at times one given twice or unknown. */
export function queryOf(parameters: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<string> {
  const pairs = Object.entries(parameters).map(([name, values]) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: mutated(values) }),
    ),
  )
  const pair = fc.oneof({ weight: 30, arbitrary: fc.oneof(...pairs) }, { weight: 1, arbitrary: fc.tuple(odd, odd) })
  return fc.array(pair, { maxLength: Object.keys(parameters).length + 1 }).map(given => {
    const query = new URLSearchParams(given.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]))
    return query.size === 0 ? '' : `?${query.toString()}`
  })
}

/** What tools have printed, as the body of a ping or a report. */
export const toolOutputs: readonly string[] = backupTools
  .flatMap(({ name }) => recordedCases(name).map(one => recordedOutput(name, one)))
  .map(({ stdout, stderr }) => `${stdout}${stderr}`)
  .filter(text => text.length <= 20_000)
