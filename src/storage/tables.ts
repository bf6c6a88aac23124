import type { Generated } from 'kysely'

/** Times are milliseconds since 1970 UTC, offsets minutes east, truth is 0 or 1, JSON is text: the same in both databases. */

type PartnersTable = {
  id: Generated<number>
  parent_id: number | null
  path: string
  username: string
  name: string
  policy: string
  created_at: number
}

type AccountsTable = {
  id: Generated<number>
  partner_id: number
  username: string
  name: string
  time_zone: string
  accepts_new_sets: number
  created_at: number
}

/** Every name in use by a partner or an account, in lower case: one name never means two things. */
type UsernamesTable = { name: string }

type ComputersTable = {
  key: Generated<number>
  account_id: number
  computer_id: string
  name: string
  time_zone: string | null
  status: string
  created_at: number
}

type BackupSetsTable = {
  id: Generated<number>
  account_id: number
  computer_key: number
  name: string
  plugin: string
  run_limit_ms: number
  enabled: number
  created_at: number
}

/** The facts of a run: the same columns wherever a run is kept. */
export type RunColumns = {
  type: string
  plugin: string
  state: string
  started_at: number
  started_offset: number | null
  updated_at: number
  updated_offset: number | null
  total_files: number | null
  processed_files: number | null
  new_files: number | null
  bytes: number | null
  errors: number
  warnings: number
  exit_status: number | null
  tool: string | null
}

type RunsTable = RunColumns & {
  id: Generated<number>
  account_id: number
  computer_key: number
  set_id: number | null
  run_key: string
  received_at: number
}

type RunLogsTable = { account_id: number; run_id: number; messages: string; log: string }

/** The newest backup run of each set: what reports read, so that their cost does not grow with history. */
type SetStatesTable = RunColumns & {
  account_id: number
  computer_key: number
  set_id: number
  /** Name and run limit as the set has them: a report reads this table and no other. */
  set_name: string
  run_limit_ms: number
  run_id: number
  run_key: string
}

type PlaceColumns = { partner_id: number; account_id: number | null; computer_key: number | null }

type ClientsTable = PlaceColumns & {
  id: Generated<number>
  client_id: string
  secret_hash: string
  name: string
  scopes: string
  created_at: number
}

type TokensTable = PlaceColumns & {
  hash: string
  client_id: number | null
  scopes: string
  expires_at: number
  created_at: number
}

type AgentKeysTable = { account_id: number; computer_key: number; hash: string; created_at: number }

/** Raised in every transaction that changes something below it; account 0 stands for the tree of administration. */
type DataVersionsTable = { account_id: number; version: number }

export type Tables = {
  partners: PartnersTable
  accounts: AccountsTable
  usernames: UsernamesTable
  computers: ComputersTable
  backup_sets: BackupSetsTable
  runs: RunsTable
  run_logs: RunLogsTable
  set_states: SetStatesTable
  clients: ClientsTable
  tokens: TokensTable
  agent_keys: AgentKeysTable
  data_versions: DataVersionsTable
}
