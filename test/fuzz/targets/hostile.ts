import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { backupTools } from '../../../src/backup-tools/index.ts'
import { buildRedaction } from '../../../src/domain/redaction.ts'
import { aHostileOutput, brokenPromises, hostilePieces } from '../../support/adapter-promises.ts'
import { recordedCases, recordedOutput } from '../../support/recorded-cases.ts'
import { mutated, odd } from '../mutations.ts'
import { defineTarget } from '../target.ts'

const megabytes = 10 * 1024 * 1024
// What takes the square of its input's length takes hours.
const mostMs = 60_000

const lines = backupTools
  .flatMap(({ name }) => recordedCases(name).map(one => recordedOutput(name, one)))
  .flatMap(({ stdout, stderr }) => `${stdout}\n${stderr}`.split('\n'))
const piece = fc
  .oneof(
    fc.constantFrom(...hostilePieces),
    mutated(lines),
    fc.tuple(mutated(lines), odd).map(parts => parts.join('\n')),
  )
  .filter(text => text !== '')

/** Ten megabytes of anything, over and over: read by every adapter, and redacted, in a time that grows with them. */
export const hostileTarget = defineTarget(
  'hostile',
  fc.record({ tool: fc.constantFrom(...backupTools), piece }),
  () => {
    const redact = buildRedaction([])
    return Promise.resolve({
      check({ tool, piece }) {
        const output = aHostileOutput(piece, megabytes)
        const start = performance.now()
        assert.deepEqual(brokenPromises(tool, output), [])
        const read = performance.now()
        redact(output.stdout)
        const redacted = performance.now()
        assert(read - start < mostMs, `${tool.name} took ${Math.round(read - start)} ms`)
        assert(redacted - read < mostMs, `redaction took ${Math.round(redacted - read)} ms`)
      },
      close: () => Promise.resolve(),
    })
  },
  1_000,
)
