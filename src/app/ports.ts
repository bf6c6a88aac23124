import type { Policy } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import type { Principal, Scope } from '../domain/principal.ts'
import type { RunFacts, RunMessage } from '../domain/run.ts'
import type { RunReport } from '../domain/run-report.ts'
import type { Account, BackupSet, Client, Computer, Partner } from '../domain/tree.ts'

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
export type RunPlace = Pick<Computer, 'accountId' | 'acceptsNewSets'> & { computerKey: number }

/** A backup set with its newest backup run: what a condition is derived from. */
export type CurrentOccurrence = { backupsetName: string; run: RunFacts; runLimitMs: number }

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

/** What a bearer's hash stands for; `expiresAt` is null for an agent key, which is valid until it is revoked. */
export type FoundBearer = Principal & { hash: string; place: Place; expiresAt: Instant | null }

export type NewPartner = { parentId: number | null; username: string; name: string }
export type NewAccount = Pick<Account, 'partnerId' | 'username' | 'name' | 'timeZone' | 'acceptsNewSets'>
export type NewComputer = { accountId: number; name: string; timeZone: string | null }
export type NewBackupSet = Pick<BackupSet, 'accountId' | 'computerKey' | 'name' | 'plugin' | 'runLimitMs'>
export type NewClient = { clientId: string; secretHash: string; name: string; scopes: readonly Scope[]; place: Place }

/**
 * All that the use cases need to keep. Every promise of a change is answered after the change is on disk. `find…`
 * answers undefined where there is nothing. Names clash: `conflict`. Database away: `unavailable`.
 */
export interface Store {
  readonly kind: 'sqlite' | 'postgres'

  /** The version of everything but runs: partners, accounts, computers, sets, policies, clients and tokens. */
  treeVersion(): Version | Promise<Version>
  /** The version of an account's runs and of what its reports derive from them. */
  accountVersion(accountId: number): Version | Promise<Version>

  addPartner(partner: NewPartner, now: Instant): Promise<Partner>
  findPartner(username: string): Promise<Partner | undefined>
  listPartners(): Promise<Partner[]>
  changePartner(id: number, change: Partial<Pick<Partner, 'name' | 'policy'>>): Promise<void>
  /** Throws `conflict` while the partner still has accounts or partners below it. */
  removePartner(id: number): Promise<void>
  /** The policy that holds for a partner: its own over those above it. */
  policyOf(partnerPath: string): Promise<Policy>

  addAccount(account: NewAccount, now: Instant): Promise<Account>
  findAccount(username: string): Promise<Account | undefined>
  listAccounts(): Promise<Account[]>
  changeAccount(id: number, change: Partial<Pick<Account, 'name' | 'timeZone' | 'acceptsNewSets'>>): Promise<void>
  /** Throws `conflict` while the account still has computers. */
  removeAccount(id: number): Promise<void>

  /** Numbers the computer: the first of an account is "0000". */
  addComputer(computer: NewComputer, now: Instant): Promise<Computer>
  findComputer(username: string, computerId: string): Promise<Computer | undefined>
  findComputerByKey(key: number): Promise<Computer | undefined>
  listComputers(accountId: number): Promise<Computer[]>
  changeComputer(key: number, change: Partial<Pick<Computer, 'name' | 'ownTimeZone' | 'status'>>): Promise<void>

  addBackupSet(set: NewBackupSet, now: Instant): Promise<BackupSet>
  findBackupSet(computerKey: number, name: string): Promise<BackupSet | undefined>
  listBackupSets(computerKey: number): Promise<BackupSet[]>
  changeBackupSet(
    id: number,
    change: Partial<Pick<BackupSet, 'name' | 'plugin' | 'runLimitMs' | 'enabled'>>,
  ): Promise<void>
  /** Removes the set and the runs that were recorded for it. */
  removeBackupSet(id: number): Promise<void>
  /** The sets of a computer that have a backup run, in no order. */
  currentOccurrences(accountId: number, computerKey: number): Promise<CurrentOccurrence[]>

  /** Stores one report; concurrent reports share one commit, and each is answered after it. */
  recordRun(place: RunPlace, report: RunReport): Promise<RecordedRun>
  findRun(computerKey: number, id: number): Promise<StoredRun | undefined>
  /** What a run logged; undefined when there is no such run. */
  findRunLog(computerKey: number, id: number): Promise<{ messages: RunMessage[]; log: string } | undefined>

  addClient(client: NewClient, now: Instant): Promise<Client>
  findClient(clientId: string): Promise<(Client & { secretHash: string; place: Place }) | undefined>
  listClients(): Promise<Client[]>
  changeClient(id: number, change: { name?: string; scopes?: readonly Scope[]; secretHash?: string }): Promise<void>
  /** Removes the client; its tokens end with it. */
  removeClient(id: number): Promise<void>

  addToken(token: NewToken, now: Instant): Promise<void>
  /** Replaces the computer's agent key: the old one ends at once. */
  setAgentKey(computerKey: number, hash: string, now: Instant): Promise<void>
  /** What a token or an agent key stands for, expired ones included. */
  findBearer(hash: string): Promise<FoundBearer | undefined>
  /** Ends a token. Nothing happens when there is none. */
  revokeToken(hash: string): Promise<void>
  /** Forgets tokens that ended before `before`. */
  removeExpiredTokens(before: Instant): Promise<number>

  /** Throws `unavailable` when the database cannot answer now. */
  check(): Promise<void>
  close(): Promise<void>
}
