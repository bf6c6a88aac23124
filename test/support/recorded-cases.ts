import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type Condition, defaultPolicy, deriveRunCondition } from '../../src/domain/condition.ts'
import { hours } from '../../src/domain/instant.ts'
import type { ToolOutput, ToolReading } from '../../src/backup-tools/backup-tool.ts'

/** One recorded run of a tool, what it must be read as, and the condition that this must amount to. */
export type RecordedCase = {
  case: string
  command: string
  streams: { stdout?: string; stderr?: string }
  exitStatus: number | null
  signal: string | null
  expected: Pick<ToolReading, 'type'> & Pick<Condition, 'status' | 'types'> & Partial<ToolReading>
}

const fixtures = new URL('../fixtures/', import.meta.url)

/** For tests: the tools of which there are recorded cases; the other folders of fixtures hold what no adapter reads as it is. */
export const recordedTools: readonly string[] = readdirSync(fixtures).filter(name =>
  existsSync(new URL(`${name}/cases.json`, fixtures)),
)

/** For tests: the recorded cases of a tool, from `cases.json` in its folder of fixtures. */
export function recordedCases(tool: string): RecordedCase[] {
  // Our own file, reviewed with the tests that read it.
  return JSON.parse(readFileSync(new URL(`${tool}/cases.json`, fixtures), 'utf8')) as RecordedCase[]
}

/** For tests: the output that a recorded case left. */
export function recordedOutput(tool: string, { streams, exitStatus, signal }: RecordedCase): ToolOutput {
  const read = (name?: string) => (name === undefined ? '' : readFileSync(new URL(`${tool}/${name}`, fixtures), 'utf8'))
  return { stdout: read(streams.stdout), stderr: read(streams.stderr), exitStatus, signal }
}

/** For tests: the condition that a reading amounts to, with every default and a run limit of 24 hours. */
export function conditionOf(reading: ToolReading): Condition {
  const times = { startedAt: 0, startedOffset: null, updatedAt: 0, updatedOffset: null }
  const run = { ...reading, plugin: reading.plugin ?? ('file' as const), ...times, exitStatus: null, tool: null }
  return deriveRunCondition(run, hours(24), 0, defaultPolicy)
}
