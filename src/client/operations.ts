// Written by `npm run generate` from the operations of the API.

import type { OperationEntry } from './answer.ts'
import type { BodyOrRaw, PathPart } from './options.ts'

export type Account = {
  account_id: number
  username: string
  /** On the clock of the account. */
  signup_date: string
  status: 'ACTIVE' | 'TEST' | 'FROZEN' | 'CANCELED'
  /** How many bytes the newest good backups of its backup sets have together. */
  usage: number
  /** What the partner calls it in its own books. */
  reference_code: string
  links: ResourceLink[]
}

export type AccountChange = {
  reference_code?: string | undefined
  name?: string | undefined
  company?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  time_zone?: string | undefined
  /** CANCELED only where it is that already: a cancellation cancels. */
  status?: 'ACTIVE' | 'TEST' | 'FROZEN' | 'CANCELED' | undefined
  accepts_new_sets?: boolean | undefined
  /** How many days its runs are kept, 31 at least, 0 for ever; null, in XML empty: as the server says. */
  run_days?: number | null | undefined
  /** How many days its logs are kept, 0 as long as the runs; null, in XML empty: as the server says. */
  log_days?: number | null | undefined
}

export type AccountInfo = {
  /** What the partner calls it in its own books. */
  reference_code: string
  name: string
  company: string
  email: string
  phone: string
  /** The IANA time zone of its computers. */
  time_zone: string
  status: 'ACTIVE' | 'TEST' | 'FROZEN' | 'CANCELED'
  /** Whether the first report of an unknown backup set adds it. */
  accepts_new_sets: boolean
  /** How many days its runs are kept, 31 at least, 0 for ever; null, in XML empty: as the server says. */
  run_days: number | null
  /** How many days its logs are kept, 0 as long as the runs; null, in XML empty: as the server says. */
  log_days: number | null
}

export type ActionHistory = {
  action_id: number
  username: string
  computer_id: string
  type: 'BACKUP' | 'RESTORE' | 'DELETE' | 'MAINTENANCE'
  /** Empty unless the type is BACKUP. */
  backupset_name: string
  plugin: 'FILE' | 'SQL' | 'EXCHANGE'
  status: 'UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR'
  local_start: string
  /** Empty while the run has not ended. */
  local_end: string
  total_files: number
  processed_files: number
  bytes: number
  condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED'
  condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
  errors: number
  warnings: number
}

export type ActionHistoryList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: ActionHistory[]
}

export type AgentKey = {
  /** What the computer reports with; it is not shown again. */
  agent_key: string
}

export type AuditEntry = {
  entry_id: number
  /** In UTC. */
  date: string
  /** Who it was, in words. */
  actor: string
  /** A verb and what it was done to, such as `change account`. */
  action: string
  /** What it was done to, in words. */
  subject: string
  /** The account that it belongs to; empty where it is a partner’s, or gone. */
  username: string
  /** What was different; without secrets. */
  changes: AuditedChange[]
}

export type AuditEntryList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: AuditEntry[]
}

export type AuditedChange = {
  member: string
  before: string
  after: string
}

export type Backtest = {
  from: string
  until: string
  /** How many changes there would be either way. */
  stay: number
  /** The changes that there are, and would not have been. */
  vanish: ({
    local_time: string
    /** Empty: there was no condition from then on. */
    condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED' | ''
    condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
    /** The due time that was judged; empty where a run was. */
    due: string
  })[]
  /** The changes that there are not, and would have been. */
  appear: ({
    local_time: string
    /** Empty: there was no condition from then on. */
    condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED' | ''
    condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
    /** The due time that was judged; empty where a run was. */
    due: string
  })[]
}

export type BacktestRequest = {
  /** When it is due: cron, calendar, every or manual, such as `cron 0 23 * * *`. */
  schedule?: string | undefined
  /** Whose clock the schedule follows; empty: that of the computer. */
  time_zone?: string | null | undefined
  /** How late a run may start before it is missed. */
  grace_minutes?: number | undefined
  /** How early a run may start and still count. */
  early_tolerance_minutes?: number | undefined
  /** How long a run may take before it counts as ended. */
  run_limit_minutes?: number | undefined
  /** How old its last good backup may be; null, in XML empty: as old as it likes. */
  rpo_minutes?: number | null | undefined
  policy?: { [name: string]: string } | undefined
  days?: number | undefined
}

export type BackupSet = {
  name: string
  /** What it holds. */
  plugin: 'FILE' | 'SQL' | 'EXCHANGE'
  /** When it is due: cron, calendar, every or manual, such as `cron 0 23 * * *`. */
  schedule: string
  /** Whose clock the schedule follows; empty: that of the computer. */
  time_zone: string
  /** How late a run may start before it is missed. */
  grace_minutes: number
  /** How long a run may take before it counts as ended. */
  run_limit_minutes: number
  /** Whether anything is expected of it. */
  enabled: boolean
  /** How early a run may start and still count. */
  early_tolerance_minutes: number
  /** How old its last good backup may be; null, in XML empty: as old as it likes. */
  rpo_minutes: number | null
  /** Whether deadlines count only the time in which the computer was seen. */
  presence: 'IGNORED' | 'REQUIRED'
  /** After how many days a computer counts as not seen; null while that is ignored. */
  not_seen_days: number | null
  /** The backup tool that reads what its pings send; empty: whichever surely wrote it. */
  tool: string
  links: ResourceLink[]
}

export type BackupSetChange = {
  name?: string | undefined
  /** What it holds. */
  plugin?: 'FILE' | 'SQL' | 'EXCHANGE' | undefined
  /** When it is due: cron, calendar, every or manual, such as `cron 0 23 * * *`. */
  schedule?: string | undefined
  /** Whose clock the schedule follows; empty: that of the computer. */
  time_zone?: string | null | undefined
  /** How late a run may start before it is missed. */
  grace_minutes?: number | undefined
  /** How early a run may start and still count. */
  early_tolerance_minutes?: number | undefined
  /** How long a run may take before it counts as ended. */
  run_limit_minutes?: number | undefined
  /** How old its last good backup may be; null, in XML empty: as old as it likes. */
  rpo_minutes?: number | null | undefined
  /** Whether anything is expected of it. */
  enabled?: boolean | undefined
  /** Whether deadlines count only the time in which the computer was seen. */
  presence?: 'IGNORED' | 'REQUIRED' | undefined
  /** After how many days a computer counts as not seen; null while that is ignored. */
  not_seen_days?: number | null | undefined
  /** The backup tool that reads what its pings send; empty: whichever surely wrote it. */
  tool?: string | undefined
  /** Not read: what was read may be sent back. */
  links?: ResourceLink[] | undefined
}

export type BackupSetRow = {
  name: string
  /** What it holds. */
  plugin: 'FILE' | 'SQL' | 'EXCHANGE'
  /** When it is due: cron, calendar, every or manual, such as `cron 0 23 * * *`. */
  schedule: string
  /** Whose clock the schedule follows; empty: that of the computer. */
  time_zone: string
  /** How late a run may start before it is missed. */
  grace_minutes: number
  /** How long a run may take before it counts as ended. */
  run_limit_minutes: number
  /** Whether anything is expected of it. */
  enabled: boolean
  /** How early a run may start and still count. */
  early_tolerance_minutes: number
  /** How old its last good backup may be; null, in XML empty: as old as it likes. */
  rpo_minutes: number | null
  /** Whether deadlines count only the time in which the computer was seen. */
  presence: 'IGNORED' | 'REQUIRED'
  /** After how many days a computer counts as not seen; null while that is ignored. */
  not_seen_days: number | null
  /** The backup tool that reads what its pings send; empty: whichever surely wrote it. */
  tool: string
  link: SelfLink
}

export type BackupSetRowList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: BackupSetRow[]
}

export type BackupStatus = {
  /** When the report was drawn up, to the second. */
  report_date: string
  username: string
  computer_id: string
  computer_name: string
  backupset_name: string
  /** When the run started; of a missed one, when it was due. */
  local_start: string
  /** When the run ended; of a running one, its last update; of a missed one, empty. */
  local_end: string
  condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED'
  condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
  errors: number
  warnings: number
}

export type BackupStatusList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: BackupStatus[]
}

export type BatchResult = {
  /** What the report alone would have been answered with. */
  status: number
  run?: RecordedRun | undefined
  error?: string | undefined
  error_description?: string | undefined
}

export type BatchResults = {
  list: BatchResult[]
}

export type Cancellation = {
  reason_note?: string | undefined
}

export type Computer = {
  username: string
  computer_id: string
  /** When it was added, on its own clock. */
  signup_date: string
  status: 'ACTIVE' | 'DISABLED' | 'DELETED'
  /** The bytes of the newest good backup of each of its sets. */
  usage: number
  name: string
  email: string
  phone: string
  links: ResourceLink[]
}

export type ComputerInfo = {
  name: string
  email: string
  phone: string
  /** Empty: its account's. */
  time_zone: string
  status: 'ACTIVE' | 'DISABLED'
}

export type ComputerInfoChange = {
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  /** Empty: its account's. */
  time_zone?: string | undefined
  status?: 'ACTIVE' | 'DISABLED' | undefined
}

export type ComputerRow = {
  username: string
  computer_id: string
  /** When it was added, on its own clock. */
  signup_date: string
  status: 'ACTIVE' | 'DISABLED' | 'DELETED'
  /** The bytes of the newest good backup of each of its sets. */
  usage: number
  name: string
  email: string
  phone: string
  link: SelfLink
}

export type ComputerRowList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: ComputerRow[]
}

export type ConditionChange = {
  /** Since when it holds. */
  local_time: string
  /** When the server found it. */
  found: string
  /** By the policy of today; UNKNOWN: no server was awake; empty: there was no condition. */
  condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED' | 'UNKNOWN' | ''
  condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
  /** What it was called when it was found; empty where there was no condition. */
  found_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED' | ''
  /** The due time that was missed; empty where none was. */
  due: string
  /** The run that was judged; 0 where there was none. */
  action_id: number
  /** When what was called missed was taken back: its run was found, or it is not late yet. */
  retracted: string
  /** When a server was awake again; empty unless the status is UNKNOWN. */
  until: string
}

export type ConditionChangeList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: ConditionChange[]
}

export type DaysOfSets = {
  sets: ({
    username: string
    computer_id: string
    backupset_name: string
    /** On the clock of the computer. */
    until: string
    /** A day each, oldest first; the last one is `until`. */
    statuses: ('FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED' | 'UNKNOWN' | 'NONE')[]
  })[]
}

export type DaysRequest = {
  days?: number | undefined
  sets: ({
    username: string
    computer_id: string
    backupset_name: string
  })[]
}

export type NewAccount = {
  /** Taken by no other account or partner of the installation. */
  username: string
  /** Left out: the username. */
  name?: string | undefined
  company?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  /** Left out: UTC. */
  time_zone?: string | undefined
  reference_code?: string | undefined
  /** The partner whose customer it is; left out: the caller’s own. */
  partner?: string | undefined
  /** Left out: true. */
  accepts_new_sets?: boolean | undefined
  /** How many days its runs are kept, 31 at least, 0 for ever; null, in XML empty: as the server says. */
  run_days?: number | null | undefined
  /** How many days its logs are kept, 0 as long as the runs; null, in XML empty: as the server says. */
  log_days?: number | null | undefined
}

export type NewAgentKey = {
  
}

export type NewBackupSet = {
  name: string
  /** What it holds. */
  plugin?: 'FILE' | 'SQL' | 'EXCHANGE' | undefined
  /** When it is due: cron, calendar, every or manual, such as `cron 0 23 * * *`. */
  schedule?: string | undefined
  /** Whose clock the schedule follows; empty: that of the computer. */
  time_zone?: string | null | undefined
  /** How late a run may start before it is missed. */
  grace_minutes?: number | undefined
  /** How early a run may start and still count. */
  early_tolerance_minutes?: number | undefined
  /** How long a run may take before it counts as ended. */
  run_limit_minutes?: number | undefined
  /** How old its last good backup may be; null, in XML empty: as old as it likes. */
  rpo_minutes?: number | null | undefined
  /** Whether anything is expected of it. */
  enabled?: boolean | undefined
  /** Whether deadlines count only the time in which the computer was seen. */
  presence?: 'IGNORED' | 'REQUIRED' | undefined
  /** After how many days a computer counts as not seen; null while that is ignored. */
  not_seen_days?: number | null | undefined
  /** The backup tool that reads what its pings send; empty: whichever surely wrote it. */
  tool?: string | undefined
  /** Not read: what was read may be sent back. */
  links?: ResourceLink[] | undefined
}

export type NewComputer = {
  name: string
  email?: string | undefined
  phone?: string | undefined
  /** Empty or left out: its account's. */
  time_zone?: string | undefined
}

export type NewNotificationEmail = {
  email: string
  backup_completed?: boolean | undefined
  backup_warning?: boolean | undefined
  backup_failed?: boolean | undefined
  backup_missed?: boolean | undefined
  no_recent_backup?: boolean | undefined
}

export type NewPingUrl = {
  /** The URL is the secret. It is shown only now. */
  ping_url: string
}

export type NewUser = {
  /** Taken by no other person of the installation. */
  username: string
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  role: 'ADMIN' | 'TECH' | 'FINANCE'
}

export type NotificationEmail = {
  email: string
  backup_completed: boolean
  backup_warning: boolean
  backup_failed: boolean
  backup_missed: boolean
  no_recent_backup: boolean
}

export type NotificationEmailChange = {
  email?: string | undefined
  backup_completed?: boolean | undefined
  backup_warning?: boolean | undefined
  backup_failed?: boolean | undefined
  backup_missed?: boolean | undefined
  no_recent_backup?: boolean | undefined
}

export type NotificationEmailRow = {
  email_id: number
  email: string
  backup_completed: boolean
  backup_warning: boolean
  backup_failed: boolean
  backup_missed: boolean
  no_recent_backup: boolean
  link: SelfLink
}

export type NotificationEmailRowList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: NotificationEmailRow[]
}

export type NotificationOptions = {
  backup_finished: {
    include_failed_files: boolean
    include_no_files_notice: boolean
    include_total_usage: boolean
  }
  no_recent_backup: {
    time_between_backups: {
      value: number
      factor: 'HOUR' | 'DAY' | 'WEEK'
    }
    time_between_notifications: {
      value: number
      factor: 'HOUR' | 'DAY' | 'WEEK'
    }
  }
}

export type NotificationOptionsChange = {
  backup_finished?: {
    include_failed_files?: boolean | undefined
    include_no_files_notice?: boolean | undefined
    include_total_usage?: boolean | undefined
  } | undefined
  no_recent_backup?: {
    time_between_backups?: {
      value?: number | undefined
      factor?: 'HOUR' | 'DAY' | 'WEEK' | undefined
    } | undefined
    time_between_notifications?: {
      value?: number | undefined
      factor?: 'HOUR' | 'DAY' | 'WEEK' | undefined
    } | undefined
  } | undefined
}

export type PageLink = {
  rel: string
  href: string
}

export type Partner = {
  partner_id: number
  username: string
  name: string
  company: string
  email: string
  phone: string
  /** In UTC: a partner has no time zone. */
  signup_date: string
  /** How many bytes the newest good backups of everything below it have together. */
  usage: number
  links: ResourceLink[]
}

export type PartnerChange = {
  name?: string | undefined
  company?: string | undefined
  email?: string | undefined
  phone?: string | undefined
}

export type PartnerInfo = {
  name: string
  company: string
  email: string
  phone: string
}

export type RecordedRun = {
  action_id: number
  username: string
  computer_id: string
  type: 'BACKUP' | 'RESTORE' | 'DELETE' | 'MAINTENANCE'
  /** Empty unless the type is BACKUP. */
  backupset_name: string
  plugin: 'FILE' | 'SQL' | 'EXCHANGE'
  status: 'UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR'
  local_start: string
  /** Empty while the run has not ended. */
  local_end: string
  total_files: number
  processed_files: number
  bytes: number
  condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED'
  condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
  errors: number
  warnings: number
}

export type ReportLinks = {
  links: ResourceLink[]
}

export type ResourceLink = {
  title: string
  rel: 'related'
  href: string
}

export type RunBatch = {
  list: RunReport[]
}

export type RunReport = {
  run_key?: string | undefined
  type?: 'BACKUP' | 'RESTORE' | 'DELETE' | undefined
  backupset_name?: string | undefined
  plugin?: 'FILE' | 'SQL' | 'EXCHANGE' | undefined
  status?: 'UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR' | undefined
  exit_status?: number | undefined
  signal?: string | undefined
  local_start?: string | undefined
  local_end?: string | undefined
  total_files?: number | undefined
  processed_files?: number | undefined
  new_files?: number | undefined
  bytes?: number | undefined
  errors?: number | undefined
  warnings?: number | undefined
  messages?: ({
    level: 'ERROR' | 'WARNING' | 'INFO'
    text: string
  })[] | undefined
  log?: string | undefined
  action_id?: number | undefined
  username?: string | undefined
  computer_id?: string | undefined
  condition_status?: string | undefined
  condition_types?: string[] | undefined
}

export type SchedulePreview = {
  /** The text in its canonical form. */
  schedule: string
  /** Whose clock it follows: that which the text names, else the one given. */
  time_zone: string
  /** When it is due, in words, to follow "Due". */
  description: string
  /** The next due times, in order. */
  due: string[]
}

export type SelfLink = {
  rel: 'self'
  href: string
}

export type ServerTime = {
  /** In UTC. */
  time: string
}

export type SetDays = {
  /** Oldest first; the last one is today. */
  days: ({
    /** On the clock of the computer. */
    date: string
    /** The worst that held on it, also since an earlier day, as it was found then; RUNNING only where nothing else held. UNKNOWN: no server was awake; NONE: it had no condition, or none that is known. */
    condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED' | 'UNKNOWN' | 'NONE'
    condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
    /** For how long of it no server was awake. */
    unknown_minutes: number
  })[]
}

export type SetExplanation = {
  /** When it was explained, to the second. */
  report_date: string
  username: string
  computer_id: string
  computer_name: string
  backupset_name: string
  /** Empty while there is no condition: the set never ran, and is not yet due. */
  condition_status: '' | 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED'
  condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
  /** When it is due, in words. */
  schedule: string
  /** The clock of all dates here. */
  time_zone: string
  /** The newest due time. */
  due: string
  /** When that counts as missed without a run. */
  grace_end: string
  next_due: string
  /** Until when a run that has not ended may go on. */
  run_limit: string
  /** When the newest good backup ended. */
  last_success: string
  /** Runs that were not good, and due times without a run. */
  failures_since_last_success: number
  /** The run that started last. */
  newest_run: {
    local_start: string
    /** Empty while the run has not ended. */
    local_end: string
    status: '' | 'UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR'
    errors: number
    warnings: number
  }
  /** Of the runs that have not ended, the one that started last. */
  open_run: {
    local_start: string
    /** Empty while the run has not ended. */
    local_end: string
    status: '' | 'UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR'
    errors: number
    warnings: number
  }
  /** The newest good backup. */
  last_good_run: {
    local_start: string
    /** Empty while the run has not ended. */
    local_end: string
    status: '' | 'UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR'
    errors: number
    warnings: number
  }
  /** Every rule, worst first. */
  rules: ({
    rule: 'EXCEPTION' | 'ERRORS' | 'MISSED' | 'NOT_SEEN' | 'RPO_EXCEEDED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_READ' | 'NO_NEW_FILE_DATA' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED'
    condition_type: 'EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED'
    condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED'
    holds: boolean
    /** What it looked at, as a sentence. */
    facts: string
  })[]
  /** What would turn it green. */
  green: string[]
  /** All of this as a text for people. */
  text: string
}

export type Signup = {
  username: string
  name: string
  company: string
  type: 'ACCOUNT' | 'PARTNER'
  /** How many bytes the newest good backups of it have together. */
  usage: number
  link: SelfLink
}

export type SignupList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: Signup[]
}

export type Triage = {
  /** When it was drawn up, to the second, UTC. */
  report_date: string
  /** How all sets stand. */
  counts: {
    failure: number
    warning: number
    running: number
    completed: number
    /** Sets that never ran and are not due yet. */
    unjudged: number
  }
  /** What is worst first, then what is newest. */
  groups: ({
    /** What its sets have in common: `computer`, nothing came from one computer; `message`, their runs said the same; `account`, nothing but the account. */
    kind: 'computer' | 'message' | 'account'
    /** The worst. */
    condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED'
    /** When the newest of them began. */
    since: string
    /** What is worst first, then what is newest. */
    sets: ({
      username: string
      account_name: string
      computer_id: string
      computer_name: string
      backupset_name: string
      condition_status: 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED'
      condition_types: ('EXCEPTION' | 'ERRORS' | 'MISSED' | 'CANCELED' | 'WARNINGS' | 'NO_EXCHANGE_OR_SQL_DATA_BACKED_UP' | 'NO_FILE_DATA_BACKED_UP' | 'NO_DATA_RESTORED' | 'NO_DATA_DELETED' | 'RUNNING' | 'COMPLETED')[]
      /** Since when it has been neither good nor only running. */
      since: string
      /** When the newest good backup ended; empty where there was none. */
      last_success: string
      /** Runs that have ended since then and were not good. */
      failed_runs: number
      /** What the judged run logged last that was an error, else a warning; empty where there is nothing. */
      message: string
      /** What to do about it. */
      next_step: 'RUN_AGAIN' | 'READ_LOG' | 'CHECK_SCHEDULER' | 'CHECK_COMPUTER' | 'RUN_NOW' | 'CHECK_SELECTION' | 'NOTHING'
    })[]
  })[]
  /** How many more sets need a person than are shown. */
  left_out: number
}

export type Usage = {
  /** The first moment of the period, on the clock that is asked. */
  date: string
  /** At the end of the period, or now: the sum over the backup sets of the bytes of the newest good backup of each. */
  bytes: number
}

export type UsageList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: Usage[]
}

export type User = {
  username: string
  name: string
  email: string
  phone: string
  role: 'ADMIN' | 'TECH' | 'FINANCE'
}

export type UserChange = {
  /** May be sent back; it cannot be changed. */
  username?: string | undefined
  name?: string | undefined
  email?: string | undefined
  phone?: string | undefined
  role?: 'ADMIN' | 'TECH' | 'FINANCE' | undefined
}

export type UserRow = {
  username: string
  name: string
  email: string
  phone: string
  role: 'ADMIN' | 'TECH' | 'FINANCE'
  link: SelfLink
}

export type UserRowList = {
  page: number
  page_size: number
  count: number
  links: PageLink[]
  list: UserRow[]
}

/** What every operation takes and answers, by what clients call it. */
export type Operations = {
  /** The condition of every backup set of a computer, by its newest run or missed due time. */
  getBackupStatus: {
    input: {
      username: PathPart
      computer_id: PathPart
      /** Only sets with one of these statuses; all when left out. */
      condition_status?: readonly ('FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED')[] | undefined
      /** Only sets with this in their name, in that of their computer, or in the username of their account, in any letter case. */
      find?: string | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'USERNAME' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** The report is always one page: this is ignored. */
      page?: string | undefined
      /** The report is always one page: this is ignored. */
      page_size?: string | undefined
    }
    answer: { kind: 'list'; value: BackupStatusList; row: BackupStatus }
  }
  /** The condition of every backup set of an account, by its newest run or missed due time. Ordered by `CONDITION_STATUS`, what is worst comes first: FAILURE, WARNING, RUNNING, COMPLETED. Ordered by `LOCAL_START`, rows go by the moment and not by what the clock showed. */
  getBackupStatusOfAccount: {
    input: {
      username: PathPart
      /** Only sets with one of these statuses; all when left out. */
      condition_status?: readonly ('FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED')[] | undefined
      /** Only sets with this in their name, in that of their computer, or in the username of their account, in any letter case. */
      find?: string | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'USERNAME' | 'COMPUTER_NAME' | 'BACKUPSET_NAME' | 'CONDITION_STATUS' | 'LOCAL_START' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has; left out, the report is one page. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: BackupStatusList; row: BackupStatus }
  }
  /** The condition of every backup set of all accounts below a partner. Ordered by `CONDITION_STATUS`, what is worst comes first: FAILURE, WARNING, RUNNING, COMPLETED. Ordered by `LOCAL_START`, rows go by the moment and not by what the clock showed. */
  getBackupStatusOfPartner: {
    input: {
      username: PathPart
      /** Only sets with one of these statuses; all when left out. */
      condition_status?: readonly ('FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED')[] | undefined
      /** Only sets with this in their name, in that of their computer, or in the username of their account, in any letter case. */
      find?: string | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'USERNAME' | 'COMPUTER_NAME' | 'BACKUPSET_NAME' | 'CONDITION_STATUS' | 'LOCAL_START' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has; left out, the report is one page. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: BackupStatusList; row: BackupStatus }
  }
  /** The reports that there are over a computer, as links. */
  getReports: {
    input: {
      username: PathPart
      computer_id: PathPart
    }
    answer: { kind: 'message'; value: ReportLinks }
  }
  /** The reports that there are over all computers of an account, as links. */
  getReportsOfAccount: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: ReportLinks }
  }
  /** The reports that there are over all accounts below a partner, as links. */
  getReportsOfPartner: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: ReportLinks }
  }
  /** What needs a person in an account: failures and warnings by cause, and how many sets stand how. */
  getTriageOfAccount: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: Triage }
  }
  /** What needs a person below a partner: failures and warnings by cause, and how many sets stand how. */
  getTriageOfPartner: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: Triage }
  }
  /** Record a run of a computer, a batch of them, or what a backup tool printed. A report of a run_key that is known updates its run, or changes nothing, and is answered 200; a new one 201. A batch is answered 200, with one result a report, each with the status that it alone would have had: good ones are kept. Parameters but on_missing go with raw output alone. */
  recordRun: {
    input: {
      username: PathPart
      computer_id: PathPart
      /** The backup tool whose output it is; left out: recognized, else told by the command. */
      tool?: string | undefined
      /** The program and its subcommand, such as `bup save`, never another argument. */
      command?: string | undefined
      /** The backup set that was backed up. */
      backupset?: string | undefined
      /** With what the command ended. */
      exit_status?: string | undefined
      /** What ended the command, or was passed on to it, such as SIGINT. */
      signal?: string | undefined
      /** The caller’s own UUID of the run: what bears the same is the same run. */
      run_key?: string | undefined
      /** When it started; left out: what the tool says, else the arrival. */
      local_start?: string | undefined
      /** When it ended; left out: what the tool says, else the arrival. */
      local_end?: string | undefined
      /** The limit in seconds after which the reporter ended the command. */
      time_limit?: string | undefined
      /** `dropped` where the reporter has the output no more; else `sent`. */
      output?: string | undefined
      /** What happens with a backup set that is unknown: it is made, or the report is refused. */
      on_missing?: 'CREATE' | 'REFUSE' | undefined
    } & BodyOrRaw<RunReport | RunBatch, 'text/plain' | 'application/x-ndjson' | 'multipart/form-data'>
    answer: { kind: 'message'; value: ActionHistory | BatchResults }
  }
  /** Record a run, a batch or an output, of the computer that an agent key is bound to. A report of a run_key that is known updates its run, or changes nothing, and is answered 200; a new one 201. A batch is answered 200, with one result a report, each with the status that it alone would have had: good ones are kept. Parameters but on_missing go with raw output alone. */
  recordOwnRun: {
    input: {
      /** The backup tool whose output it is; left out: recognized, else told by the command. */
      tool?: string | undefined
      /** The program and its subcommand, such as `bup save`, never another argument. */
      command?: string | undefined
      /** The backup set that was backed up. */
      backupset?: string | undefined
      /** With what the command ended. */
      exit_status?: string | undefined
      /** What ended the command, or was passed on to it, such as SIGINT. */
      signal?: string | undefined
      /** The caller’s own UUID of the run: what bears the same is the same run. */
      run_key?: string | undefined
      /** When it started; left out: what the tool says, else the arrival. */
      local_start?: string | undefined
      /** When it ended; left out: what the tool says, else the arrival. */
      local_end?: string | undefined
      /** The limit in seconds after which the reporter ended the command. */
      time_limit?: string | undefined
      /** `dropped` where the reporter has the output no more; else `sent`. */
      output?: string | undefined
      /** What happens with a backup set that is unknown: it is made, or the report is refused. */
      on_missing?: 'CREATE' | 'REFUSE' | undefined
    } & BodyOrRaw<RunReport | RunBatch, 'text/plain' | 'application/x-ndjson' | 'multipart/form-data'>
    answer: { kind: 'message'; value: ActionHistory | BatchResults }
  }
  /** One run of a computer. */
  getRun: {
    input: {
      username: PathPart
      computer_id: PathPart
      action_id: PathPart
    }
    answer: { kind: 'message'; value: ActionHistory }
  }
  /** What a run of a computer logged, as text. */
  getRunLog: {
    input: {
      username: PathPart
      computer_id: PathPart
      action_id: PathPart
    }
    answer: { kind: 'text'; value: string }
  }
  /** The runs of a computer. Ordered by `LOCAL_START`, rows go by the moment and not by what the clock showed; by `STATUS`, what needs attention comes first: ERROR, CANCELED, CANCELING, PAUSED, RUNNING, UNINITIALIZED, SUCCESS. Ties are broken by the name of the backup set and by `action_id`. Whoever asks for page after page gets every run that was there at the beginning, also while others are recorded; those that start later come at the end of the ascending order. */
  listActionsOfComputer: {
    input: {
      username: PathPart
      computer_id: PathPart
      /** Runs that started then or later: a date and time, or a day, which begins at midnight of the clock of the computer or account. */
      since?: string | undefined
      /** Runs of the backup sets of this name; all when it is left out. */
      backupset?: string | undefined
      /** Runs of these types; all when it is left out. */
      type?: readonly ('BACKUP' | 'RESTORE' | 'DELETE' | 'MAINTENANCE')[] | undefined
      /** Runs in these states; all when it is left out. */
      status?: readonly ('UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR')[] | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'LOCAL_START' | 'TYPE' | 'STATUS' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: ActionHistoryList; row: ActionHistory }
  }
  /** The runs of all computers of an account, of deleted ones too. Ordered by `LOCAL_START`, rows go by the moment and not by what the clock showed; by `STATUS`, what needs attention comes first: ERROR, CANCELED, CANCELING, PAUSED, RUNNING, UNINITIALIZED, SUCCESS. Ties are broken by the name of the backup set and by `action_id`. Whoever asks for page after page gets every run that was there at the beginning, also while others are recorded; those that start later come at the end of the ascending order. */
  listActionsOfAccount: {
    input: {
      username: PathPart
      /** Runs that started then or later: a date and time, or a day, which begins at midnight of the clock of the computer or account. */
      since?: string | undefined
      /** Runs of the backup sets of this name; all when it is left out. */
      backupset?: string | undefined
      /** Runs of these types; all when it is left out. */
      type?: readonly ('BACKUP' | 'RESTORE' | 'DELETE' | 'MAINTENANCE')[] | undefined
      /** Runs in these states; all when it is left out. */
      status?: readonly ('UNINITIALIZED' | 'RUNNING' | 'PAUSED' | 'SUCCESS' | 'CANCELING' | 'CANCELED' | 'ERROR')[] | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'LOCAL_START' | 'TYPE' | 'STATUS' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: ActionHistoryList; row: ActionHistory }
  }
  /** What the backups of a computer took up, day by day, on its clock. Each row is a period that has a day of the range and has begun: its first moment, and what the backups took up at its end, or now where it has not ended. That is the sum over all backup sets of the bytes of the newest good backup that had ended by then and of which they are known; of some backup tools these are the bytes that were new. A computer that is deleted counts until then. */
  listUsageOfComputer: {
    input: {
      username: PathPart
      computer_id: PathPart
      /** The first day, such as 2026-03-05; left out: so long ago that there is one usual page. */
      start_date?: string | undefined
      /** The last day; left out: today. */
      end_date?: string | undefined
      /** How long a period is: a week from Monday on, a month of the calendar, or `custom` days. */
      resolution?: 'DAY' | 'WEEK' | 'MONTH' | 'CUSTOM' | undefined
      /** How many days a period of the resolution CUSTOM has; left out: 1. */
      custom?: number | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'DATE' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has; left out: by resolution, 30 for DAY, 26 for WEEK, 12 for MONTH, 30 for CUSTOM. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: UsageList; row: Usage }
  }
  /** What the backups of an account took up, day by day, on its clock. Each row is a period that has a day of the range and has begun: its first moment, and what the backups took up at its end, or now where it has not ended. That is the sum over all backup sets of the bytes of the newest good backup that had ended by then and of which they are known; of some backup tools these are the bytes that were new. A computer that is deleted counts until then. */
  listUsageOfAccount: {
    input: {
      username: PathPart
      /** The first day, such as 2026-03-05; left out: so long ago that there is one usual page. */
      start_date?: string | undefined
      /** The last day; left out: today. */
      end_date?: string | undefined
      /** How long a period is: a week from Monday on, a month of the calendar, or `custom` days. */
      resolution?: 'DAY' | 'WEEK' | 'MONTH' | 'CUSTOM' | undefined
      /** How many days a period of the resolution CUSTOM has; left out: 1. */
      custom?: number | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'DATE' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has; left out: by resolution, 30 for DAY, 26 for WEEK, 12 for MONTH, 30 for CUSTOM. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: UsageList; row: Usage }
  }
  /** What the backups below a partner took up, day by day in UTC. Each row is a period that has a day of the range and has begun: its first moment, and what the backups took up at its end, or now where it has not ended. That is the sum over all backup sets of the bytes of the newest good backup that had ended by then and of which they are known; of some backup tools these are the bytes that were new. A computer that is deleted counts until then. */
  listUsageOfPartner: {
    input: {
      username: PathPart
      /** The first day, such as 2026-03-05; left out: so long ago that there is one usual page. */
      start_date?: string | undefined
      /** The last day; left out: today. */
      end_date?: string | undefined
      /** How long a period is: a week from Monday on, a month of the calendar, or `custom` days. */
      resolution?: 'DAY' | 'WEEK' | 'MONTH' | 'CUSTOM' | undefined
      /** How many days a period of the resolution CUSTOM has; left out: 1. */
      custom?: number | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'DATE' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has; left out: by resolution, 30 for DAY, 26 for WEEK, 12 for MONTH, 30 for CUSTOM. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: UsageList; row: Usage }
  }
  /** The backup sets of a computer. */
  listBackupSets: {
    input: {
      username: PathPart
      computer_id: PathPart
      /** Only sets that hold one of these; left out: all. */
      plugin?: readonly ('FILE' | 'SQL' | 'EXCHANGE')[] | undefined
      /** Only sets that are switched on, or only those that are off; left out: both. */
      enabled?: boolean | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'NAME' | 'PLUGIN' | 'ENABLED' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: BackupSetRowList; row: BackupSetRow }
  }
  /** Add a backup set to a computer. What is left out has its usual value: files, switched on, schedule `manual`, a grace of 60, an early tolerance of 15 and a run limit of 1,440 minutes, no recovery point objective, presence `IGNORED`. A name that is taken is answered 409. */
  addBackupSet: {
    input: {
      username: PathPart
      computer_id: PathPart
      body: NewBackupSet
    }
    answer: { kind: 'message'; value: BackupSet }
  }
  /** A backup set and what is expected of it. */
  getBackupSet: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
    }
    answer: { kind: 'message'; value: BackupSet }
  }
  /** Change a backup set. What is left out stays as it is. With another `name` the set is found under that one from then on, with its runs, and its old path is answered 404. A change of schedule, time zone or of what was switched off holds from now on: no due time before becomes missed by it. */
  changeBackupSet: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
      body: BackupSetChange
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Remove a backup set with all its runs, for good. Its runs, their logs, its pings and the history of its condition go with it, and nothing brings them back. To keep them, switch the set off instead: change `enabled` to false. */
  removeBackupSet: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Give a backup set a new ping URL, which is shown only now. The URL is the secret: whoever has it can ping the set. Those that the set has stay valid beside it for `old_valid_hours`, so that whatever pings them can be changed meanwhile; 0 ends them at once. */
  renewPingUrl: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
      /** How many hours the ping URLs that it has stay valid. */
      old_valid_hours?: number | undefined
    }
    answer: { kind: 'message'; value: NewPingUrl }
  }
  /** Why a backup set stands as it does: facts, rules, and what would turn it green. */
  explainBackupSet: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
    }
    answer: { kind: 'message'; value: SetExplanation }
  }
  /** How the condition of a backup set changed, newest first, by the policy of today. */
  listConditionChanges: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: ConditionChangeList; row: ConditionChange }
  }
  /** What a backup set was on each of the last days, as it was found then. */
  listDaysOfSet: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
      /** How many days, up to today. */
      days?: number | undefined
    }
    answer: { kind: 'message'; value: SetDays }
  }
  /** What some backup sets below a partner were on each of the last days; those that there are not are left out. */
  listDaysOfSets: {
    input: {
      username: PathPart
      body: DaysRequest
    }
    answer: { kind: 'message'; value: DaysOfSets }
  }
  /** What of the past would have been called otherwise under other settings. Nothing is stored. */
  backtestBackupSet: {
    input: {
      username: PathPart
      computer_id: PathPart
      name: PathPart
      body: BacktestRequest
    }
    answer: { kind: 'message'; value: Backtest }
  }
  /** Say that a computer is there. */
  noteHeartbeat: {
    input: {
      username: PathPart
      computer_id: PathPart
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Say that the computer which an agent key is bound to is there. */
  noteOwnHeartbeat: {
    input: {}
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Make an account, of the caller’s own partner or of one below it. */
  addAccount: {
    input: {
      body: NewAccount
    }
    answer: { kind: 'message'; value: Account }
  }
  /** One account. */
  getAccount: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: Account }
  }
  /** What can be changed of an account. */
  getAccountInfo: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: AccountInfo }
  }
  /** Change an account. What is left out stays as it is; an empty text clears. */
  changeAccountInfo: {
    input: {
      username: PathPart
      body: AccountChange
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Cancel an account: nothing is expected of its backup sets any more. Its history stays, and what its computers report is recorded as before. Canceling again changes nothing. */
  cancelAccount: {
    input: {
      username: PathPart
      body?: Cancellation
    }
    answer: { kind: 'elsewhere'; value: string }
  }
  /** One partner. */
  getPartner: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: Partner }
  }
  /** What can be changed of a partner. */
  getPartnerInfo: {
    input: {
      username: PathPart
    }
    answer: { kind: 'message'; value: PartnerInfo }
  }
  /** Change a partner. What is left out stays as it is; an empty text clears. */
  changePartnerInfo: {
    input: {
      username: PathPart
      body: PartnerChange
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** The accounts and partners below a partner, at any depth. */
  listSignups: {
    input: {
      username: PathPart
      /** Who signed up then or later: a date, or a day for its midnight in UTC. Left out: whenever. */
      since?: string | undefined
      /** What they are; left out: both. */
      type?: readonly ('ACCOUNT' | 'PARTNER')[] | undefined
      /** How they stand; a partner counts as ACTIVE. Left out: in whatever way. */
      status?: readonly ('ACTIVE' | 'TEST' | 'FROZEN' | 'CANCELED')[] | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'TYPE' | 'USERNAME' | 'NAME' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: SignupList; row: Signup }
  }
  /** The people of a partner, who sign in to the dashboard. */
  listUsers: {
    input: {
      username: PathPart
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'USERNAME' | 'NAME' | 'ROLE' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: UserRowList; row: UserRow }
  }
  /** Add a person to a partner. */
  addUser: {
    input: {
      username: PathPart
      body: NewUser
    }
    answer: { kind: 'message'; value: User }
  }
  /** One person of a partner. */
  getUser: {
    input: {
      username: PathPart
      user: PathPart
    }
    answer: { kind: 'message'; value: User }
  }
  /** Change a person. What is left out stays as it is; an empty text clears. */
  changeUser: {
    input: {
      username: PathPart
      user: PathPart
      body: UserChange
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Remove a person. */
  removeUser: {
    input: {
      username: PathPart
      user: PathPart
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** What was changed at and below a partner, and by whom, newest first. It tells what everybody does, so that it is for those alone who may change the partner. */
  listAuditLog: {
    input: {
      username: PathPart
      /** What was changed then or later: a date, or a day for its midnight in UTC. Left out: whenever. */
      since?: string | undefined
      /** Who changed it, in the words of the log. Left out: whoever. */
      actor?: string | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: AuditEntryList; row: AuditEntry }
  }
  /** The computers of an account. Deleted computers are listed only when status asks for them. */
  listComputers: {
    input: {
      username: PathPart
      /** Only computers that stand so. */
      status?: readonly ('ACTIVE' | 'DISABLED' | 'DELETED')[] | undefined
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'COMPUTER_ID' | 'NAME' | 'STATUS' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: ComputerRowList; row: ComputerRow }
  }
  /** Add a computer to an account. It has no agent key yet: ask for one at its password. */
  addComputer: {
    input: {
      username: PathPart
      body: NewComputer
    }
    answer: { kind: 'message'; value: Computer }
  }
  /** A computer. One that was deleted can still be read, without links: nothing below it is there any more. */
  getComputer: {
    input: {
      username: PathPart
      computer_id: PathPart
    }
    answer: { kind: 'message'; value: Computer }
  }
  /** Mark a computer as deleted: its keys end, its history is kept. */
  deleteComputer: {
    input: {
      username: PathPart
      computer_id: PathPart
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Give a computer a new agent key, which is shown once; the one that it has ends at once. */
  renewAgentKey: {
    input: {
      username: PathPart
      computer_id: PathPart
      body?: NewAgentKey
    }
    answer: { kind: 'message'; value: AgentKey }
  }
  /** What can be changed of a computer. */
  getComputerInfo: {
    input: {
      username: PathPart
      computer_id: PathPart
    }
    answer: { kind: 'message'; value: ComputerInfo }
  }
  /** Change a computer; what is left out stays as it is. */
  changeComputerInfo: {
    input: {
      username: PathPart
      computer_id: PathPart
      body: ComputerInfoChange
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** The addresses that are told of the backups of a computer. */
  listNotificationEmails: {
    input: {
      username: PathPart
      computer_id: PathPart
      /** What the rows are ordered by; ties are broken by name and id. */
      order_by?: 'EMAIL_ID' | 'EMAIL' | undefined
      /** Ascending or descending: the whole order is turned round. */
      order_dir?: 'ASC' | 'DESC' | undefined
      /** Which page, counted from 1. */
      page?: number | undefined
      /** How many rows a page has. */
      page_size?: number | undefined
    }
    answer: { kind: 'list'; value: NotificationEmailRowList; row: NotificationEmailRow }
  }
  /** Let an address be told of the backups of a computer. Unless the body says otherwise it is told of warnings, failures, missed backups and of no recent one, and not of good ones. */
  addNotificationEmail: {
    input: {
      username: PathPart
      computer_id: PathPart
      body: NewNotificationEmail
    }
    answer: { kind: 'message'; value: NotificationEmail }
  }
  /** An address that is told of the backups of a computer. */
  getNotificationEmail: {
    input: {
      username: PathPart
      computer_id: PathPart
      email_id: PathPart
    }
    answer: { kind: 'message'; value: NotificationEmail }
  }
  /** Change an address, or what it is told of; what is left out stays as it is. */
  changeNotificationEmail: {
    input: {
      username: PathPart
      computer_id: PathPart
      email_id: PathPart
      body: NotificationEmailChange
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** Let an address be told no more; its number is not given again. */
  deleteNotificationEmail: {
    input: {
      username: PathPart
      computer_id: PathPart
      email_id: PathPart
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** What notifications about a computer say, and how often. */
  getNotificationOptions: {
    input: {
      username: PathPart
      computer_id: PathPart
    }
    answer: { kind: 'message'; value: NotificationOptions }
  }
  /** Change what notifications about a computer say, and how often; what is left out stays as it is. */
  changeNotificationOptions: {
    input: {
      username: PathPart
      computer_id: PathPart
      body: NotificationOptionsChange
    }
    answer: { kind: 'nothing'; value: undefined }
  }
  /** The next due times of a schedule, and what it means in words. */
  previewSchedule: {
    input: {
      /** The schedule, such as `cron 0 23 * * *` or `every 6h`. */
      schedule: string
      /** Whose clock it follows, unless the schedule names one; UTC when left out. */
      time_zone?: string | undefined
      /** From when on; now when left out. */
      from?: string | undefined
      /** How many due times. */
      count?: number | undefined
    }
    answer: { kind: 'message'; value: SchedulePreview }
  }
  /** What the clock of the server shows, in UTC. */
  getServerTime: {
    input: {}
    answer: { kind: 'message'; value: ServerTime }
  }
  /** The account or partner that has a username, in whatever letter case. The name 0 stands for the own account of the caller, or where it is bound to a partner for that. */
  findUsername: {
    input: {
      known_name: PathPart
    }
    answer: { kind: 'elsewhere'; value: string }
  }
}

/** How every operation is called. */
export const operations = {
  getBackupStatus: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/reports/backup_status', answer: 'list' },
  getBackupStatusOfAccount: { method: 'GET', path: '/v1/accounts/:username/reports/backup_status', answer: 'list' },
  getBackupStatusOfPartner: { method: 'GET', path: '/v1/partners/:username/reports/backup_status', answer: 'list' },
  getReports: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/reports', answer: 'message' },
  getReportsOfAccount: { method: 'GET', path: '/v1/accounts/:username/reports', answer: 'message' },
  getReportsOfPartner: { method: 'GET', path: '/v1/partners/:username/reports', answer: 'message' },
  getTriageOfAccount: { method: 'GET', path: '/v1/accounts/:username/triage', answer: 'message' },
  getTriageOfPartner: { method: 'GET', path: '/v1/partners/:username/triage', answer: 'message' },
  recordRun: { method: 'POST', path: '/v1/accounts/:username/computers/:computer_id/runs', answer: 'message' },
  recordOwnRun: { method: 'POST', path: '/v1/runs', answer: 'message' },
  getRun: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/runs/:action_id', answer: 'message' },
  getRunLog: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/runs/:action_id/log', answer: 'text' },
  listActionsOfComputer: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/action_history', answer: 'list', mostRows: 50 },
  listActionsOfAccount: { method: 'GET', path: '/v1/accounts/:username/action_history', answer: 'list', mostRows: 50 },
  listUsageOfComputer: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/usage_history', answer: 'list', mostRows: 90 },
  listUsageOfAccount: { method: 'GET', path: '/v1/accounts/:username/usage_history', answer: 'list', mostRows: 90 },
  listUsageOfPartner: { method: 'GET', path: '/v1/partners/:username/usage_history', answer: 'list', mostRows: 90 },
  listBackupSets: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/backupsets', answer: 'list', mostRows: 50 },
  addBackupSet: { method: 'POST', path: '/v1/accounts/:username/computers/:computer_id/backupsets', answer: 'message' },
  getBackupSet: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name', answer: 'message' },
  changeBackupSet: { method: 'PUT', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name', answer: 'nothing' },
  removeBackupSet: { method: 'DELETE', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name', answer: 'nothing' },
  renewPingUrl: { method: 'POST', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/ping_url', answer: 'message' },
  explainBackupSet: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/explain', answer: 'message' },
  listConditionChanges: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/condition_changes', answer: 'list', mostRows: 50 },
  listDaysOfSet: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/days', answer: 'message' },
  listDaysOfSets: { method: 'POST', path: '/v1/partners/:username/backupset_days', answer: 'message' },
  backtestBackupSet: { method: 'POST', path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/backtest', answer: 'message' },
  noteHeartbeat: { method: 'POST', path: '/v1/accounts/:username/computers/:computer_id/heartbeat', answer: 'nothing' },
  noteOwnHeartbeat: { method: 'POST', path: '/v1/heartbeat', answer: 'nothing' },
  addAccount: { method: 'POST', path: '/v1/accounts', answer: 'message' },
  getAccount: { method: 'GET', path: '/v1/accounts/:username', answer: 'message' },
  getAccountInfo: { method: 'GET', path: '/v1/accounts/:username/info', answer: 'message' },
  changeAccountInfo: { method: 'PUT', path: '/v1/accounts/:username/info', answer: 'nothing' },
  cancelAccount: { method: 'POST', path: '/v1/accounts/:username/cancellation', answer: 'elsewhere' },
  getPartner: { method: 'GET', path: '/v1/partners/:username', answer: 'message' },
  getPartnerInfo: { method: 'GET', path: '/v1/partners/:username/info', answer: 'message' },
  changePartnerInfo: { method: 'PUT', path: '/v1/partners/:username/info', answer: 'nothing' },
  listSignups: { method: 'GET', path: '/v1/partners/:username/signups', answer: 'list', mostRows: 100 },
  listUsers: { method: 'GET', path: '/v1/partners/:username/users', answer: 'list', mostRows: 50 },
  addUser: { method: 'POST', path: '/v1/partners/:username/users', answer: 'message' },
  getUser: { method: 'GET', path: '/v1/partners/:username/users/:user', answer: 'message' },
  changeUser: { method: 'PUT', path: '/v1/partners/:username/users/:user', answer: 'nothing' },
  removeUser: { method: 'DELETE', path: '/v1/partners/:username/users/:user', answer: 'nothing' },
  listAuditLog: { method: 'GET', path: '/v1/partners/:username/audit_log', answer: 'list', mostRows: 100 },
  listComputers: { method: 'GET', path: '/v1/accounts/:username/computers', answer: 'list', mostRows: 50 },
  addComputer: { method: 'POST', path: '/v1/accounts/:username/computers', answer: 'message' },
  getComputer: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id', answer: 'message' },
  deleteComputer: { method: 'DELETE', path: '/v1/accounts/:username/computers/:computer_id', answer: 'nothing' },
  renewAgentKey: { method: 'POST', path: '/v1/accounts/:username/computers/:computer_id/password', answer: 'message' },
  getComputerInfo: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/info', answer: 'message' },
  changeComputerInfo: { method: 'PUT', path: '/v1/accounts/:username/computers/:computer_id/info', answer: 'nothing' },
  listNotificationEmails: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/notifications/emails', answer: 'list', mostRows: 50 },
  addNotificationEmail: { method: 'POST', path: '/v1/accounts/:username/computers/:computer_id/notifications/emails', answer: 'message' },
  getNotificationEmail: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/notifications/emails/:email_id', answer: 'message' },
  changeNotificationEmail: { method: 'PUT', path: '/v1/accounts/:username/computers/:computer_id/notifications/emails/:email_id', answer: 'nothing' },
  deleteNotificationEmail: { method: 'DELETE', path: '/v1/accounts/:username/computers/:computer_id/notifications/emails/:email_id', answer: 'nothing' },
  getNotificationOptions: { method: 'GET', path: '/v1/accounts/:username/computers/:computer_id/notifications/options', answer: 'message' },
  changeNotificationOptions: { method: 'PUT', path: '/v1/accounts/:username/computers/:computer_id/notifications/options', answer: 'nothing' },
  previewSchedule: { method: 'GET', path: '/v1/general/schedule_preview', answer: 'message' },
  getServerTime: { method: 'GET', path: '/v1/general/time', answer: 'message' },
  findUsername: { method: 'GET', path: '/v1/general/username/:known_name', answer: 'elsewhere' },
} as const satisfies Record<keyof Operations, OperationEntry>
