import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { backupTools } from './index.ts'
import {
  aHostileOutput,
  brokenPromises,
  hostilePieces,
  readOrNull,
  successesOf,
  warningsOf,
} from '../../test/support/adapter-promises.ts'
import { recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'

const fixtures = new URL('../../test/fixtures/', import.meta.url)
const tools = backupTools.map(tool => [tool.name, tool] as const)
const recorded = backupTools.flatMap(tool =>
  recordedCases(tool.name).map(one => ({ tool, name: one.case, output: recordedOutput(tool.name, one) })),
)

test.each(tools)('the name of %s is that of the folder of its fixtures', name => {
  expect(existsSync(new URL(`${name}/cases.json`, fixtures))).toBe(true)
})

test.each(tools)('the example of %s runs one of its programs', (_, { name, usage: { programs, example } }) => {
  const words = example?.command.split(/[\s']+/) ?? []
  expect(name === 'generic' || example === null || programs.some(program => words.includes(program))).toBe(true)
})

test.each(tools)('with every exit status that %s calls done some recorded backup is done', (_, tool) => {
  const outputs = recorded.filter(one => one.tool === tool).map(({ output }) => ({ ...output, signal: null }))
  const undone = [...successesOf(tool), ...warningsOf(tool)].filter(
    exitStatus => !outputs.some(output => readOrNull(tool, { ...output, exitStatus })?.state === 'finished'),
  )
  expect(undone).toEqual([])
})

test('every output is recognized by its own tool or by none', () => {
  const wrong = recorded.flatMap(({ tool, name, output }) =>
    backupTools.filter(other => other !== tool && other.recognizes(output)).map(other => `${name} by ${other.name}`),
  )
  expect(wrong).toEqual([])
})

const otherEnds = [
  ...[0, 1, 2, 3, 77, 105, 137, null].map(exitStatus => ({ exitStatus })),
  { exitStatus: 0, signal: 'SIGTERM' },
  { exitStatus: 0, signal: 'SIGKILL' },
]

test.each(tools)('%s keeps its promises on every output of every tool', (_, tool) => {
  for (const { output } of recorded) {
    for (const end of otherEnds) expect(brokenPromises(tool, { ...output, ...end })).toEqual([])
  }
})

// What takes the square of its input's length takes minutes for these, and so longer than any test may.
test.each(tools)('%s reads hundreds of kilobytes of anything in a time that grows with them', (_, tool) => {
  const own = recorded.filter(one => one.tool === tool).map(({ output }) => `${output.stdout}\n${output.stderr}\n`)
  const longest = own.reduce((one, other) => (other.length > one.length ? other : one), 'a\n')
  for (const piece of [...hostilePieces, longest.slice(0, 20_000)]) {
    expect(brokenPromises(tool, aHostileOutput(piece, 300_000)), JSON.stringify(piece)).toEqual([])
  }
})
