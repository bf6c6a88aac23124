import type { Generated } from 'kysely'

/** Times are milliseconds since 1970 UTC, offsets minutes east, truth is 0 or 1, JSON is text: the same in both databases. */

/** How to reach somebody; empty where it is not known. */
type ContactColumns = { email: Generated<string>; phone: Generated<string> }

type PartnersTable = {
  id: Generated<number>
  parent_id: number | null
  path: string
  username: string
  name: string
  policy: string
  company: Generated<string>
  created_at: number
} & ContactColumns

type AccountsTable = {
  id: Generated<number>
  partner_id: number
  username: string
  name: string
  time_zone: string
  accepts_new_sets: number
  company: Generated<string>
  reference_code: Generated<string>
  status: Generated<string>
  /** Why it was canceled. */
  cancellation_note: string | null
  /** How many days its runs and its logs are kept; null: as long as the server says, 0: for ever. */
  run_days: number | null
  log_days: number | null
  created_at: number
} & ContactColumns

/** When what an account keeps no longer is removed next, and which of its sets was the last of those that are done. */
type RetentionTable = { account_id: number; next_at: number; after_set: number | null }

/** Every name in use by a partner or an account, in lower case: one name never means two things. */
type UsernamesTable = { name: string }

type ComputersTable = {
  key: Generated<number>
  account_id: number
  computer_id: string
  name: string
  time_zone: string | null
  status: string
  /** Which of the texts of notifications are wanted, as JSON; what is not there is as usual. */
  notification_options: Generated<string>
  /** The number of the last address that was ever added to be told of it. */
  last_email_id: Generated<number>
  /** When it was deleted; null of others, and where nobody knows. */
  deleted_at: number | null
  created_at: number
} & ContactColumns

/** An address that is told of the backups of a computer. */
type NotificationEmailsTable = {
  account_id: number
  computer_key: number
  /** Counted up from 1 within the computer. */
  email_id: number
  email: string
  backup_completed: number
  backup_warning: number
  backup_failed: number
  backup_missed: number
  no_recent_backup: number
}

/** The people of a partner. */
type UsersTable = {
  username: string
  partner_id: number
  name: string
  role: string
  created_at: number
} & ContactColumns

/** What a person signs in with. */
type CredentialsTable = {
  username: string
  /** Null: nobody signs in with a password. */
  password_hash: string | null
  /** Of one-time codes, in base32; null: none are asked for. */
  code_secret: string | null
  /** The newest step of thirty seconds of which a code was used. */
  code_step: number | null
  changed_at: number
}

/** The browsers that people have signed in with. */
type SessionsTable = {
  hash: string
  username: string
  remote_addr: string
  user_agent: string
  expires_at: number
  created_at: number
}

/** Links by which a person chooses a password; without a username whoever has it becomes the first person. */
type SignInLinksTable = {
  hash: string
  partner_id: number
  username: string | null
  role: string
  expires_at: number
  created_at: number
}

type BackupSetsTable = {
  id: Generated<number>
  account_id: number
  computer_key: number
  name: string
  /** What ping URLs call it; it stays when the name changes, and several sets may share it. */
  slug: string
  plugin: string
  /** The backup tool that reads the bodies of its pings; null: whichever surely wrote them. */
  tool: string | null
  /** The canonical text of its schedule. */
  schedule: string
  time_zone: string | null
  grace_ms: number
  early_tolerance_ms: number
  run_limit_ms: number
  rpo_ms: number | null
  /** `ignored` or `required`. */
  presence: string
  not_seen_ms: number
  expected_from: number
  missed_before: number | null
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
  /** Of a backup: 0 has not ended, 1 is good, 2 is not; null of everything else. */
  outcome: number | null
}

type RunLogsTable = {
  account_id: number
  run_id: number
  messages: string
  log: string
  /** When it last changed; null where nobody knows. */
  received_at: number | null
}

/** What conditions are derived from, for each set that has run: so that their cost does not grow with history. */
type SetStatesTable = RunColumns & {
  account_id: number
  computer_key: number
  set_id: number
  /** The newest backup run; its facts are the columns of a run. */
  run_id: number
  run_key: string
  /** Of the backup runs that have not ended, the one that started last. */
  open_started_at: number | null
  open_updated_at: number | null
  /** The newest good backup. */
  good_started_at: number | null
  good_ended_at: number | null
  /** The newest good backup of which the bytes are known, and those. */
  bytes_run_id: number | null
  good_bytes: number | null
  /** How many backup runs have ended since then and were not good. */
  failed_runs: number
  /** The version of the account's data with which this last changed. */
  version: number
}

/** What each set was last found to be, and when it has to be looked at again. */
type JudgementsTable = {
  account_id: number
  computer_key: number
  set_id: number
  /** Null: only after something is reported. */
  next_at: number | null
  /** The rules that hold, separated by spaces; null while there is no condition. */
  rules: string | null
  status: string | null
  /** The due time that was missed. */
  due_at: number | null
}

/** Every change of a condition, as it was found. */
type ConditionChangesTable = {
  id: Generated<number>
  account_id: number
  computer_key: number
  set_id: number
  /** Since when it holds, and when it was found. */
  at: number
  found_at: number
  rules: string | null
  /** By the policy of that time, and what it was before. */
  status: string | null
  previous_status: string | null
  due_at: number | null
  run_id: number | null
  /** When a run was found that answers what was called missed. */
  retracted_at: number | null
}

/** Where changes of conditions are told. */
type ChannelsTable = {
  id: Generated<number>
  partner_id: number
  account_id: number | null
  name: string
  kind: string
  url: string
  /** What messages are signed with. */
  secret: string
  created_at: number
  /** When something last arrived there, and when and how something last did not. */
  delivered_at: number | null
  failed_at: number | null
  failure: string | null
}

/** A change of a condition that is still to be told on a channel. */
type OutboxTable = {
  id: Generated<number>
  account_id: number
  set_id: number
  change_id: number
  channel_id: number
  created_at: number
  /** Null: it is not tried any more until somebody asks for it. */
  next_at: number | null
  attempts: Generated<number>
  failure: string | null
}

/** The times in which nobody judged. */
type AbsencesTable = { id: Generated<number>; from_at: number; until_at: number }

/** One row: when a server of this database was last known to be awake, and the timeline that it was written on. */
type ServerPulsesTable = { id: number; seen_at: number; timeline: number | null }

/** The times in which a computer was seen, where somebody asks for its presence. */
type SightingsTable = { account_id: number; computer_key: number; from_at: number; until_at: number }

/** Who changed what, and how it was before. */
type AuditLogTable = {
  id: Generated<number>
  at: number
  actor: string
  action: string
  /** What was changed, in words: `computer 0000 of acme`. */
  subject: string
  partner_id: number
  /** Of the partner, which may be gone by now. */
  partner_path: string
  account_id: number | null
  before: string
  after: string
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

/** Keys that read the Healthchecks API, each bound to a node. */
type ApiKeysTable = PlaceColumns & { id: Generated<number>; hash: string; name: string; created_at: number }

/** What this installation makes names with that nobody can guess. */
type ServerSecretsTable = { name: string; secret: string }

type AgentKeysTable = { account_id: number; computer_key: number; hash: string; created_at: number }

/** One for each computer: with a slug it names a set in ping URLs. */
type PingKeysTable = AgentKeysTable

/** The UUIDs of ping URLs; that of a set which has no end is its own, others are on their way out. */
type SetPingIdsTable = {
  hash: string
  account_id: number
  set_id: number
  created_at: number
  expires_at: number | null
}

/** The newest pings of each set, counted up from 1. */
type PingsTable = {
  account_id: number
  set_id: number
  n: number
  at: number
  kind: string
  exit_status: number | null
  method: string
  scheme: string
  remote_addr: string
  user_agent: string
  rid: string | null
  run_id: number | null
}

/** The runs that a ping started and that no ping of their own rid has ended. */
type PingedRunsTable = { account_id: number; set_id: number; run_id: number; rid: string | null; started_at: number }

/** Mails that wait for somebody to say what they are about. */
type MailsTable = {
  id: Generated<number>
  account_id: number
  computer_key: number
  /** Names the message itself: unique within its computer. */
  message_key: string
  received_at: number
  sent_at: number | null
  sender: string
  subject: string
  body: string
  damage: string | null
  not_report: string | null
  /** What the address called the set; null where it named none. */
  slug: string | null
  reason: string
}

type MailRulesTable = {
  id: Generated<number>
  account_id: number
  computer_key: number
  set_id: number
  sender: string | null
  subject: string | null
  body: string | null
  tool: string | null
  /** JSON: arrays of words. */
  success: string
  failure: string
  otherwise: string
  created_at: number
}

/** Raised in every transaction that changes something below it; account 0 stands for the tree of administration. */
type DataVersionsTable = {
  account_id: number
  version: number
  /** Up to which version the sets of the account were judged. */
  judged_version: number
}

export type Tables = {
  partners: PartnersTable
  accounts: AccountsTable
  retention: RetentionTable
  usernames: UsernamesTable
  computers: ComputersTable
  notification_emails: NotificationEmailsTable
  users: UsersTable
  credentials: CredentialsTable
  sessions: SessionsTable
  sign_in_links: SignInLinksTable
  backup_sets: BackupSetsTable
  runs: RunsTable
  run_logs: RunLogsTable
  set_states: SetStatesTable
  judgements: JudgementsTable
  condition_changes: ConditionChangesTable
  channels: ChannelsTable
  outbox: OutboxTable
  absences: AbsencesTable
  server_pulses: ServerPulsesTable
  sightings: SightingsTable
  audit_log: AuditLogTable
  clients: ClientsTable
  tokens: TokensTable
  agent_keys: AgentKeysTable
  api_keys: ApiKeysTable
  server_secrets: ServerSecretsTable
  ping_keys: PingKeysTable
  set_ping_ids: SetPingIdsTable
  pings: PingsTable
  pinged_runs: PingedRunsTable
  mails: MailsTable
  mail_rules: MailRulesTable
  data_versions: DataVersionsTable
}
