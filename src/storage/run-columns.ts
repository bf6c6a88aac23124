import { type Plugin, type RunFacts, runStates, type RunState, type RunType } from '../domain/run.ts'
import type { ColumnType } from './database.ts'
import type { RunColumns } from './tables.ts'

/** The columns that hold the facts of a run, with their types. */
export const factColumns = {
  type: 'text',
  plugin: 'text',
  state: 'text',
  started_at: 'bigint',
  started_offset: 'bigint',
  updated_at: 'bigint',
  updated_offset: 'bigint',
  total_files: 'bigint',
  processed_files: 'bigint',
  new_files: 'bigint',
  bytes: 'bigint',
  errors: 'bigint',
  warnings: 'bigint',
  exit_status: 'bigint',
  tool: 'text',
} as const satisfies Record<keyof RunColumns, ColumnType>

/** The names of those columns. */
export const factColumnNames = Object.keys(factColumns) as (keyof RunColumns)[]

/** What the newest run of a set is greatest in, as `compareRuns` says. */
export function newness(relation: string): string[] {
  const trouble = `case when ${relation}.state <> 'finished' or ${relation}.errors > 0 then 2
    when ${relation}.warnings > 0 then 1 else 0 end`
  return [`${relation}.started_at`, `${relation}.updated_at`, trouble, `${relation}.run_key`]
}

/** The order of runs, the newest first. */
export function newestFirst(relation: string): string {
  return newness(relation)
    .map(term => `${term} desc`)
    .join(', ')
}

/** The facts of a run as its columns hold them. */
export function toRunColumns(run: RunFacts): RunColumns {
  return {
    type: run.type,
    plugin: run.plugin,
    state: run.state,
    started_at: run.startedAt,
    started_offset: run.startedOffset,
    updated_at: run.updatedAt,
    updated_offset: run.updatedOffset,
    total_files: run.totalFiles,
    processed_files: run.processedFiles,
    new_files: run.newFiles,
    bytes: run.bytes,
    errors: run.errors,
    warnings: run.warnings,
    exit_status: run.exitStatus,
    tool: run.tool,
  }
}

/** The facts that the columns of a run hold. A state that this program does not know counts as crashed. */
export function toRunFacts(row: RunColumns): RunFacts {
  return {
    // Only `toRunColumns` writes these columns, so that they hold what it was given.
    type: row.type as RunType,
    plugin: row.plugin as Plugin,
    state: row.state in runStates ? (row.state as RunState) : 'crashed',
    startedAt: row.started_at,
    startedOffset: row.started_offset,
    updatedAt: row.updated_at,
    updatedOffset: row.updated_offset,
    totalFiles: row.total_files,
    processedFiles: row.processed_files,
    newFiles: row.new_files,
    bytes: row.bytes,
    errors: row.errors,
    warnings: row.warnings,
    exitStatus: row.exit_status,
    tool: row.tool,
  }
}
