import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { BackupTool, ToolOutput } from '../../../src/backup-tools/backup-tool.ts'
import { backupTools } from '../../../src/backup-tools/index.ts'
import { brokenPromises } from '../../support/adapter-promises.ts'
import { recordedCases, recordedOutput } from '../../support/recorded-cases.ts'
import { mutated } from '../mutations.ts'
import { defineTarget, type FuzzTarget } from '../target.ts'

const recorded = backupTools.flatMap(({ name }) =>
  recordedCases(name).map(one => ({ name, output: recordedOutput(name, one) })),
)

const longestRecorded = 30_000

/** Every adapter: its own recorded outputs and some of others, changed, with any exit status and signal. */
export const adapterTargets: readonly FuzzTarget[] = backupTools.map(tool =>
  defineTarget(`adapter ${tool.name}`, outputsFor(tool), () =>
    Promise.resolve({
      check: output => assert.deepEqual(brokenPromises(tool, output), []),
      close: () => Promise.resolve(),
    }),
  ),
)

function outputsFor({ name }: BackupTool): fc.Arbitrary<ToolOutput> {
  const textsOf = (isWanted: (other: string) => boolean) =>
    recorded
      .filter(one => isWanted(one.name))
      .flatMap(({ output }) => [output.stdout, output.stderr])
      .filter(text => text !== '' && text.length <= longestRecorded)
  const own = mutated([...textsOf(other => other === name), ''])
  const foreign = mutated([...textsOf(other => other !== name), ''], { mostEdits: 2 })
  const text = fc.oneof({ weight: 8, arbitrary: own }, { weight: 1, arbitrary: foreign })
  return fc.record({
    stdout: text,
    stderr: fc.oneof(fc.constant(''), text),
    exitStatus: fc.option(fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.nat(130), fc.nat(255)), { freq: 8 }),
    signal: fc.option(fc.constantFrom('SIGINT', 'SIGTERM', 'SIGKILL', 'SIGSEGV', '9', ' ', 'odd'), { freq: 3 }),
  })
}
