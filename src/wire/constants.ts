import { conditionRules, type ConditionType } from '../domain/condition.ts'
import { type Plugin, type RunState, runStates, type RunType } from '../domain/run.ts'
import type { AccountStatus, ComputerStatus } from '../domain/tree.ts'

/** The condition types, worst first. */
export const conditionTypeNames = [...new Set(Object.values(conditionRules).map(rule => rule.type))] as ConditionType[]

/** Types of runs on the wire. `MAINTENANCE` is ours: checks and dry runs, which change no condition. */
export const wireTypes = {
  backup: 'BACKUP',
  restore: 'RESTORE',
  delete: 'DELETE',
  maintenance: 'MAINTENANCE',
} as const satisfies Record<RunType, string>

export const wirePlugins = { file: 'FILE', sql: 'SQL', exchange: 'EXCHANGE' } as const satisfies Record<Plugin, string>

/** The plugin that a constant on the wire stands for. */
export const pluginsByWire = { FILE: 'file', SQL: 'sql', EXCHANGE: 'exchange' } as const satisfies Record<
  string,
  Plugin
>

/** The vendor's states of a run. It has one for both ways to end badly. */
export const wireStates = {
  uninitialized: 'UNINITIALIZED',
  running: 'RUNNING',
  paused: 'PAUSED',
  canceling: 'CANCELING',
  finished: 'SUCCESS',
  canceled: 'CANCELED',
  failed: 'ERROR',
  crashed: 'ERROR',
} as const satisfies Record<RunState, string>

export const wireStatusNames = [
  'UNINITIALIZED',
  'RUNNING',
  'PAUSED',
  'SUCCESS',
  'CANCELING',
  'CANCELED',
  'ERROR',
] as const

/** The state that a status on the wire stands for. */
export const statesByWire: Record<(typeof wireStatusNames)[number], RunState> = {
  UNINITIALIZED: 'uninitialized',
  RUNNING: 'running',
  PAUSED: 'paused',
  SUCCESS: 'finished',
  CANCELING: 'canceling',
  CANCELED: 'canceled',
  ERROR: 'failed',
}

/** How an account stands (vendor's page "Accounts"). */
export const wireAccountStatuses = {
  active: 'ACTIVE',
  test: 'TEST',
  frozen: 'FROZEN',
  canceled: 'CANCELED',
} as const satisfies Record<AccountStatus, string>

/** The standing that a status on the wire stands for. */
export const accountStatusesByWire: Record<(typeof wireAccountStatuses)[AccountStatus], AccountStatus> = {
  ACTIVE: 'active',
  TEST: 'test',
  FROZEN: 'frozen',
  CANCELED: 'canceled',
}

/** How a computer stands. */
export const wireComputerStatuses = {
  active: 'ACTIVE',
  disabled: 'DISABLED',
  deleted: 'DELETED',
} as const satisfies Record<ComputerStatus, string>

/** Every state that some statuses on the wire stand for. */
export function statesOf(statuses: ReadonlySet<(typeof wireStatusNames)[number]>): RunState[] {
  // The keys of a table are its states.
  return (Object.keys(runStates) as RunState[]).filter(state => statuses.has(wireStates[state]))
}
