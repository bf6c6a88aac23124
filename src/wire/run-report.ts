import { type Static, Type } from 'typebox'
import { parseLocalTime } from '../domain/local-time.ts'
import type { RunMessage, RunType } from '../domain/run.ts'
import { deriveReportedState, type ReportedRun } from '../domain/run-report.ts'
import { longestLog, parseName, toStorableText } from '../domain/text.ts'
import type { TimeZone } from '../domain/time-zone.ts'
import { buildCheck } from './check.ts'
import { pluginsByWire, statesByWire, wirePlugins, wireStatusNames, wireTypes } from './constants.ts'
import { Constant, Count, exitStatusBounds, uuidPattern } from './schema.ts'
import { compileUpperCase } from './upper-case.ts'

/** The most reports in one batch. */
export const mostReports = 1_000

const typesByWire: Record<string, RunType> = { BACKUP: 'backup', RESTORE: 'restore', DELETE: 'delete' }
const levels = { ERROR: 'error', WARNING: 'warning', INFO: 'info' } as const satisfies Record<
  string,
  RunMessage['level']
>

/** One report of one run. Members that only the server sets (`action_id`, …) may be sent back and are not read. */
export const RunReport = Type.Object(
  {
    run_key: Type.Optional(Type.String({ pattern: uuidPattern })),
    type: Type.Optional(Constant([wireTypes.backup, wireTypes.restore, wireTypes.delete])),
    backupset_name: Type.Optional(Type.String({ maxLength: 1_000 })),
    plugin: Type.Optional(Constant(Object.values(wirePlugins))),
    status: Type.Optional(Constant(wireStatusNames)),
    exit_status: Type.Optional(Type.Integer(exitStatusBounds)),
    signal: Type.Optional(Type.String({ maxLength: 20 })),
    local_start: Type.Optional(Type.String({ maxLength: 100 })),
    local_end: Type.Optional(Type.String({ maxLength: 100 })),
    total_files: Type.Optional(Count()),
    processed_files: Type.Optional(Count()),
    new_files: Type.Optional(Count()),
    bytes: Type.Optional(Count()),
    errors: Type.Optional(Count()),
    warnings: Type.Optional(Count()),
    messages: Type.Optional(
      Type.Array(
        Type.Object(
          { level: Constant(['ERROR', 'WARNING', 'INFO']), text: Type.String({ maxLength: 10_000 }) },
          { additionalProperties: false, xml: { name: 'message' } },
        ),
        { maxItems: 1_000 },
      ),
    ),
    log: Type.Optional(Type.String({ maxLength: longestLog })),
    action_id: Type.Optional(Type.Integer()),
    username: Type.Optional(Type.String()),
    computer_id: Type.Optional(Type.String()),
    condition_status: Type.Optional(Type.String()),
    condition_types: Type.Optional(Type.Array(Type.String())),
  },
  {
    title: 'RunReport',
    additionalProperties: false,
    xml: { name: 'run' },
    examples: [
      {
        run_key: '5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f',
        backupset_name: 'Documents',
        status: 'SUCCESS',
        exit_status: 0,
        local_start: '2026-03-05T01:00:00-05:00',
        local_end: '2026-03-05T01:42:10-05:00',
        total_files: 48_210,
        processed_files: 48_210,
        new_files: 112,
        bytes: 73_014_444_032,
        messages: [{ level: 'INFO', text: 'snapshot 4f1c2a saved' }],
      },
    ],
  },
)

export type RunReport = Static<typeof RunReport>

/** Several reports at once, each taken or refused for itself. */
export const RunBatch = Type.Object(
  { list: Type.Array(RunReport, { maxItems: mostReports }) },
  { title: 'RunBatch', xml: { name: 'list' } },
)

const checkRunReport = buildCheck(RunReport, 'The run')
const toUpperCase = compileUpperCase(RunReport)

/**
 * Reads one report. Constants are taken in any letter case; a date without an offset is on a clock in `zone`. Throws
 * `invalid`, naming the member.
 */
export function readRunReport(value: unknown, zone: TimeZone): ReportedRun {
  const report = checkRunReport(toUpperCase(value))
  const { run_key, type = 'BACKUP', backupset_name, plugin, status, signal } = report
  const exitStatus = report.exit_status ?? null
  const hasSet = backupset_name !== undefined && (backupset_name !== '' || type === 'BACKUP')
  return {
    runKey: run_key ?? null,
    type: typesByWire[type] ?? 'backup',
    backupsetName: hasSet ? parseName(backupset_name, 'backupset_name') : null,
    plugin: plugin ? pluginsByWire[plugin] : null,
    state: deriveReportedState(status ? statesByWire[status] : null, { exitStatus, signal: signal || null }),
    startedAt: readTime(report.local_start, zone, 'local_start'),
    endedAt: readTime(report.local_end, zone, 'local_end'),
    totalFiles: report.total_files ?? null,
    processedFiles: report.processed_files ?? null,
    newFiles: report.new_files ?? null,
    bytes: report.bytes ?? null,
    errors: report.errors ?? null,
    warnings: report.warnings ?? null,
    exitStatus,
    tool: null,
    messages: (report.messages ?? []).map(({ level, text }) => ({ level: levels[level], text: toStorableText(text) })),
    log: toStorableText(report.log ?? ''),
  }
}

/** An absent date may be left out or empty, as it is on the way out. */
function readTime(text: string | undefined, zone: TimeZone, member: string) {
  return text === undefined || text === '' ? null : parseLocalTime(text, zone, member)
}
