import type { Absence } from '../domain/absence.ts'
import type { ConditionRule, ConditionStatus, Policy } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { NotificationEmail, NotificationOptions } from '../domain/notification.ts'
import type { SetHistory } from '../domain/occurrence.ts'
import type { Ping, PingKind } from '../domain/ping.ts'
import type { Sighting } from '../domain/presence.ts'
import type { Principal, Scope, TreeNode } from '../domain/principal.ts'
import type { Plugin, RunFacts, RunMessage, RunState, RunType } from '../domain/run.ts'
import type { RunReport } from '../domain/run-report.ts'
import type { Account, ApiKey, BackupSet, Client, Computer, ComputerStatus, Partner } from '../domain/tree.ts'
import type { ChannelStore } from './channel-ports.ts'
import type { MailStore } from './mail-ports.ts'
import type { PartnerStore } from './partner-ports.ts'
import type { SignInStore } from './sign-in-ports.ts'
import type { ChangeTerms, TreeChanges } from './tree-ports.ts'
import type { SetChange } from './set-days.ts'
import type { KnownTrouble } from './triage.ts'

/** Tells the time. Handed in, so that a test can hold it still. */
export type Clock = () => Instant

/** A run as it is stored, with what its condition needs to know of its set. */
export type StoredRun = RunFacts & {
  id: number
  runKey: string
  backupsetName: string | null
  runLimitMs: number
  receivedAt: Instant
}

/**
 * What became of a report: a new run, a later state of a known one, or nothing new (its run is given as stored); or it
 * was refused, because its set is unknown where none may be created, or its key is that of a run of another set.
 */
export type RecordedRun =
  | { outcome: 'created' | 'updated' | 'repeated'; run: StoredRun }
  | { outcome: 'unknown-set' }
  | { outcome: 'other-set' }

/** Where a report is to be stored: what the caller was allowed to reach. */
export type RunPlace = Pick<Computer, 'accountId' | 'acceptsNewSets' | 'isWatched'> & { computerKey: number }

/** What the runs of a backup set amount to: all that its condition needs to know of them. */
export type SetState = SetHistory & {
  setId: number
  /** When the newest good backup ended. */
  lastGoodEndedAt: Instant | null
  /** How many backup runs have ended since then and were not good. */
  failedRuns: number
}

/** A sign of life of a computer. */
export type SeenComputer = { accountId: number; computerKey: number; seenAt: Instant }

/**
 * A change of a condition as it was found. `rules` are empty and `status` is null where there is no condition; both
 * statuses are those of the policy of that time. `dueAt` is the due time that was missed, `runId` the run that was judged.
 */
export type ConditionChange = {
  id: number
  at: Instant
  foundAt: Instant
  rules: ConditionRule[]
  status: ConditionStatus | null
  previousStatus: ConditionStatus | null
  dueAt: Instant | null
  runId: number | null
  /** When a run was found that answers what was called missed. */
  retractedAt: Instant | null
}

/**
 * When a server was last awake, as far as it knows: `pulsedAt` is when it has said so itself; absent, it starts. `found` is the
 * last pulse that it found when it began to look whether others are awake; absent, it has not looked, as it is alone.
 */
export type LastAwake = { pulsedAt?: Instant | undefined; found?: Instant | undefined }

/** How much was counted under a key in the window that ends at `endsAt`. */
export type RequestCount = { key: string; used: number; endsAt: Instant }

/**
 * Tells the other processes what this one has counted since it told them last, and answers what all of them have. A window
 * that somebody has begun before holds for everybody; one that has ended, or ends later than two windows, begins anew.
 */
export type SharedCounts = (counts: readonly RequestCount[], windowMs: number, now: Instant) => Promise<RequestCount[]>

/** What judging has to do, and how much of it at once. */
export type JudgeRequest = { now: Instant; catchUpMs: number }

/** What came of it: how many sets were judged, how many changed, and whether more are waiting. */
export type Judged = { judged: number; changed: number; hasMore: boolean }

/** How many days runs and logs are kept of which their account says nothing; 0: for ever. */
export type KeptDays = { runDays: number; logDays: number }

export type RetentionRequest = KeptDays & { now: Instant }

/** What was removed: runs, logs and how much these held, in bytes; and whether there may be more. */
export type Retained = { runs: number; logs: number; logBytes: number; hasMore: boolean }

/**
 * Something that was changed by somebody. `subject` says in words what, `computer 0000 of acme`. Of a change `before` and
 * `after` have what is different, by the names of columns; of what was added `before` is null, of what was removed `after`.
 * Secrets are in neither.
 */
export type AuditEntry = {
  id: number
  at: Instant
  actor: string
  action: string
  subject: string
  /** The path of the partner that it hangs on. */
  partnerPath: string
  accountId: number | null
  /** The username of the account; null where there is none, or none any more. */
  username: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

/** What is written down of a change. */
export type NewAuditEntry = Omit<AuditEntry, 'id' | 'username'>

/** Which changes are wanted; left out: whichever there are. */
export type AuditSelection = { since?: Instant | undefined; actor?: string | undefined }

/** The computers below a node, deleted ones not among them, in order of their accounts and ids, and their sets by name. */
export type TreeBelow = { computers: Computer[]; sets: BackupSet[] }

/** What is known of the sets below a node, in no order. */
export type KnownBelow = {
  /** Of the sets that have a backup run. */
  states: SetState[]
  /** Of the sets with a run that has not ended: the newest that has, or that is older than the run limit of its set. */
  settledRuns: (RunFacts & { setId: number })[]
  /** How many pings each set has had; of one that was never pinged how many runs, counted up to a hundred. */
  pingCounts: { setId: number; count: number }[]
  /** When computers were seen, oldest first, where one of their sets asks for it. */
  sightings: (Sighting & { computerKey: number })[]
}

/** Which rows of many are wanted: at most so many, after those that are skipped. */
export type RowWindow = { skip: number; most: number }

/** Which of the computers below a node: those with keys above `after`, in order of their keys, at most `most`. */
export type Slice = { after: number; most: number }

/** Some of the computers below a node, deleted ones not among them, and all that their sets are judged by. */
export type SliceBelow = {
  /** In order of their keys; fewer than were asked for only at the end. */
  computers: Computer[]
  /** By name. */
  sets: BackupSet[]
} & Pick<KnownBelow, 'states' | 'sightings'>

/** Which computers of an account are wanted, and in what order; ties are broken by name, then by id. */
export type ComputerSelection = {
  accountId: number
  /** Null: any of the account. */
  computerKey: number | null
  /** At least one. */
  statuses: readonly ComputerStatus[]
  orderBy: 'computerId' | 'name' | 'status'
  isDescending: boolean
}

/** In what order the addresses of a computer are wanted; ties are broken by their numbers. */
export type NotificationEmailOrder = { orderBy: 'id' | 'email'; isDescending: boolean }

/** Runs of an account or, with its key, of one of its computers: those that started at `from` or later. */
export type RunSelection = {
  accountId: number
  computerKey: number | null
  from: Instant
  /** The name of a backup set; left out: those of all sets, and those of none. */
  setName?: string
  /** Left out: all. */
  types?: readonly RunType[]
  states?: readonly RunState[]
}

/** What runs are ordered by; ties are broken by the name of the set, then by id. States are ordered worst first. */
export type RunOrder = { by: 'start' | 'type' | 'state'; isDescending: boolean }

/** A run with the computer that it ran on. */
export type ListedRun = { run: StoredRun; computer: Pick<Computer, 'username' | 'computerId' | 'name' | 'timeZone'> }

/** A number that is another one whenever what was read under it may have changed. */
export type Version = number

/** A token as stored: only the SHA-256 of what its bearer shows, in lower-case hexadecimal digits. */
export type NewToken = {
  hash: string
  scopes: readonly Scope[]
  clientId: number | null
  place: Place
  expiresAt: Instant
}

/** A node of the tree by its own key. */
export type Place = { partnerId: number; accountId: number | null; computerKey: number | null }

/** A partner or an account, and where it is in the tree. */
export type NamedNode = { kind: 'partner' | 'account'; username: string; node: TreeNode }

/** What a bearer's hash stands for; `expiresAt` is null for an agent key, which is valid until it is revoked. */
export type FoundBearer = Principal & {
  hash: string
  place: Place
  expiresAt: Instant | null
  /** The client that the token was given to; null: none. */
  clientId: number | null
  /** The username of the person who has signed in; null: it is a program. */
  person: string | null
  /** Who it is, in words. */
  actor: string
}

/** Which sets of a computer are asked for, all where nothing is said, and in what order; ties go by name. */
export type AskedSets = RowWindow & {
  plugins?: readonly Plugin[] | undefined
  enabled?: boolean | undefined
  orderBy: 'name' | 'plugin' | 'enabled'
  isDescending: boolean
}

/** What a ping key stands for. */
export type FoundPingKey = { hash: string; computerKey: number }

/** What the UUID of a ping URL stands for; `expiresAt` is null for the newest of its set. */
export type FoundPingId = { hash: string; setId: number; computerKey: number; expiresAt: Instant | null }

/** Where a ping came from. */
export type PingSource = {
  /** The method of its request. */
  method: string
  /** `http` or `https`, as the client sent it. */
  scheme: string
  remoteAddress: string
  /** At most 200 characters. */
  userAgent: string
}

/** What became of a ping: its number within the set and the run that it belongs to; or its set is gone. */
export type RecordedPing = { outcome: 'recorded'; n: number; runId: number | null } | { outcome: 'unknown-set' }

/** A ping as it is kept; what it sent is in the log of its run. */
export type StoredPing = PingSource & {
  n: number
  at: Instant
  kind: PingKind
  exitStatus: number | null
  rid: string | null
  runId: number | null
}

/** An API key as it is shown, and the node below which it sees everything. */
export type FoundApiKey = ApiKey & { hash: string; node: TreeNode }

/**
 * All that the use cases need to keep. Every promise of a change is answered after the change is on disk. `find…`
 * answers undefined where there is nothing. Names clash: `conflict`. Database away: `unavailable`.
 */
export interface Store extends TreeChanges, MailStore, PartnerStore, SignInStore, ChannelStore {
  /** The changes of the tree, on terms. */
  changing(terms: ChangeTerms): TreeChanges
  readonly kind: 'sqlite' | 'postgres'

  /** The version of everything but runs: partners, accounts, computers, sets, policies, clients and tokens. */
  treeVersion(): Version | Promise<Version>
  /** The version of an account's runs and of what its reports derive from them. */
  accountVersion(accountId: number): Version | Promise<Version>

  findPartner(username: string): Promise<Partner | undefined>
  listPartners(): Promise<Partner[]>
  /** What was changed of the partner at a path and of all that is below it, newest first, and how much that is. */
  listAuditLog(
    partnerPath: string,
    page: RowWindow,
    selection?: AuditSelection,
  ): Promise<{ entries: AuditEntry[]; count: number }>
  /** The policy that holds for a partner: its own over those above it. */
  policyOf(partnerPath: string): Promise<Policy>

  findAccount(username: string): Promise<Account | undefined>
  listAccounts(): Promise<Account[]>

  /** The partner or account that has a username, in whatever letter case: no two of them have the same. */
  findNamedNode(username: string): Promise<NamedNode | undefined>
  /** The account that a place is or is in, else its partner. */
  nameNodeAt(place: Place): Promise<NamedNode>

  findComputer(username: string, computerId: string): Promise<Computer | undefined>
  /** The same, also a computer that was deleted. */
  findKnownComputer(username: string, computerId: string): Promise<Computer | undefined>
  findComputerByKey(key: number): Promise<Computer | undefined>
  listComputers(accountId: number): Promise<Computer[]>
  /** A page of some computers, and how many there are over all pages, which is counted just before. */
  selectComputers(selection: ComputerSelection, page: RowWindow): Promise<{ computers: Computer[]; count: number }>
  /** What notifications about a computer say, and how often. */
  readNotificationOptions(computerKey: number): Promise<NotificationOptions>
  /** A page of the addresses that are told of a computer, and how many there are over all pages. */
  listNotificationEmails(
    computer: Pick<Computer, 'accountId' | 'key'>,
    order: NotificationEmailOrder,
    page: RowWindow,
  ): Promise<{ emails: NotificationEmail[]; count: number }>
  findNotificationEmail(
    computer: Pick<Computer, 'accountId' | 'key'>,
    id: number,
  ): Promise<NotificationEmail | undefined>

  findBackupSet(accountId: number, computerKey: number, name: string): Promise<BackupSet | undefined>
  listBackupSets(accountId: number, computerKey: number): Promise<BackupSet[]>
  /**
   * One page of the sets of a computer that are asked for, and how many those are at about the same time: a set that is
   * added or removed meanwhile may be in the one and not in the other.
   */
  findSetPage(
    computer: Pick<Computer, 'accountId' | 'key'>,
    asked: AskedSets,
  ): Promise<{ sets: BackupSet[]; count: number }>
  /**
   * What is known of the sets of a computer that have a backup run, in no order. Where a version of the account is given,
   * it may be as old as that.
   */
  setStates(accountId: number, computerKey: number, version?: Version): Promise<SetState[]>
  /** What hangs below a node of the tree. */
  treeBelow(node: TreeNode): Promise<TreeBelow>
  /** What is known of all sets below a node, with a few statements whatever their number. */
  knownBelow(node: TreeNode, now: Instant): Promise<KnownBelow>
  /** Some of what hangs below a node with what is known of it, so that nobody has to hold or wait for all of it. */
  sliceBelow(node: TreeNode, slice: Slice): Promise<SliceBelow>
  /**
   * What the backups of each node take up, in bytes, at its position: of every backup set of the computers at or below it
   * that are not deleted, the bytes of its newest good backup of which they are known. A few statements for all nodes.
   */
  usageOf(nodes: readonly TreeNode[]): Promise<number[]>
  /**
   * What the backups of a node took up at each of some moments: the same of the backups that had ended by then. Computers
   * that were deleted count until then.
   */
  usageAt(node: TreeNode, moments: readonly Instant[]): Promise<number[]>
  /** Of some sets since when each has been bad, as far as it was found, and what its newest run told; in their order. */
  listTroubles(sets: readonly Pick<BackupSet, 'accountId' | 'id'>[]): Promise<KnownTrouble[]>
  /** The backup runs of a set that started at `from` or later, oldest first, at most `most`: the newest. */
  listBackupRuns(accountId: number, setId: number, from: Instant, most: number): Promise<StoredRun[]>
  /** The changes of a set's condition, newest first: at most `most` of those before the change `before`. */
  listConditionChanges(
    accountId: number,
    setId: number,
    page: { before?: number; most: number },
  ): Promise<ConditionChange[]>
  /**
   * The changes of the conditions of some sets that were found at `since` or later, and of each set the last one before
   * that was not taken back, in the order in which they were found; at most `most`: the newest.
   */
  listChangesSince(
    sets: readonly Pick<BackupSet, 'accountId' | 'id'>[],
    period: { since: Instant; most: number },
  ): Promise<SetChange[]>

  /** Judges what is due or was reported since, a batch of it; every change of a condition is stored once. */
  judge(request: JudgeRequest): Promise<Judged>
  /**
   * Says that a server of this database is awake; answers the time in which none was, which is stored with it. `last` is
   * what the server knows of itself and of others.
   */
  pulse(now: Instant, last: LastAwake): Promise<Absence | undefined>
  /** When a server of this database last said that it is awake. */
  lastPulse(): Promise<Instant | undefined>
  /** The newest times in which no server was awake, oldest first. */
  listAbsences(): Promise<Absence[]>
  /** The number of the newest change of a condition that was found, wherever; 0 where there is none. */
  newestConditionChange(): Promise<number>
  /** Notes that a computer was seen. */
  noteSighting(seen: SeenComputer): Promise<void>
  /** The times in which a computer was seen, oldest first, where one of its sets asks for its presence. */
  sightings(accountId: number, computerKey: number): Promise<Sighting[]>

  /** What processes count together; null where one process has the database for itself. */
  readonly sharedCounts: SharedCounts | null

  /** Stores one report; concurrent reports share one commit, and each is answered after it. */
  recordRun(place: RunPlace, report: RunReport): Promise<RecordedRun>
  findRun(accountId: number, computerKey: number, id: number): Promise<StoredRun | undefined>
  /** What a run logged, and when that was last received, as far as it is known; undefined when there is no such run. */
  findRunLog(
    accountId: number,
    computerKey: number,
    id: number,
  ): Promise<{ messages: RunMessage[]; log: string; receivedAt: Instant | null } | undefined>

  /** One window of the runs that are selected, those on deleted computers among them, and how many there are in all. */
  listRuns(selection: RunSelection, order: RunOrder, window: RowWindow): Promise<{ runs: ListedRun[]; count: number }>
  /** Of some runs of an account those that have logged something. */
  findLoggedRuns(accountId: number, ids: readonly number[]): Promise<number[]>

  /**
   * Makes the parts of the database that the runs of this month and the next two go to, where it has such parts, and answers
   * their names. Throws `unavailable` when they are in use for too long: it is to be tried again later.
   */
  keepPartitions(now: Instant): Promise<string[]>
  /**
   * Drops every such part that ended before `before`; answers how many runs went. Runs that the state of a set is made of stay.
   * Throws `unavailable` as above.
   */
  dropPartitionsBefore(before: Instant): Promise<number>
  /** How many days the account that keeps runs longest keeps them, where `usual` holds for those that do not say; 0 is for ever. */
  longestRunDays(usual: number): Promise<number>

  /** Stores a ping and what follows from it for the runs of its set; concurrent pings share one commit. */
  recordPing(place: RunPlace, setId: number, ping: Ping, source: PingSource): Promise<RecordedPing>
  /** The pings of a set that are kept, newest first, at most `most`. */
  listPings(accountId: number, setId: number, most: number): Promise<StoredPing[]>
  findPingKey(hash: string): Promise<FoundPingKey | undefined>
  /** What the UUID of a ping URL stands for, expired ones included. */
  findPingId(hash: string): Promise<FoundPingId | undefined>

  findClient(clientId: string): Promise<(Client & { secretHash: string; place: Place }) | undefined>
  listClients(): Promise<Client[]>

  listApiKeys(): Promise<ApiKey[]>
  /** What an API key stands for. That of a deleted computer is not found. */
  findApiKey(hash: string): Promise<FoundApiKey | undefined>
  /** An API key by its number, as its badges name it. */
  findApiKeyById(id: number): Promise<FoundApiKey | undefined>
  /** The secret that the names of checks and badges are made with: the same in every process, for ever. */
  checkSecret(): Promise<string>

  addToken(token: NewToken, now: Instant): Promise<void>
  /** What a token, an agent key or a session stands for, expired ones included. */
  findBearer(hash: string): Promise<FoundBearer | undefined>
  /**
   * Removes a batch of what an account keeps no longer: runs with their logs, logs, pings, changes of conditions. What
   * conditions, explanations and usage rest on stays. Each account is looked at once a day.
   */
  retain(request: RetentionRequest): Promise<Retained>
  /** Gives some of the space that removing has freed back to the disk; answers whether there is more of it. */
  shrink(): Promise<boolean>
  /** Forgets tokens, sessions and links that ended before `before`; answers how many. */
  removeExpiredSecrets(before: Instant): Promise<number>

  /** Throws `unavailable` when the database cannot answer now. */
  check(): Promise<void>
  close(): Promise<void>
}
