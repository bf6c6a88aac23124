import type { Instant } from '../domain/instant.ts'
import type { NotificationEmail, NotificationOptions, PartOf } from '../domain/notification.ts'
import type { Scope } from '../domain/principal.ts'
import type { Account, ApiKey, BackupSet, Client, Computer, Contact, Partner } from '../domain/tree.ts'
import type { ChannelChanges } from './channel-ports.ts'
import type { MailRuleChanges } from './mail-ports.ts'
import type { UserChanges } from './partner-ports.ts'
import type { Version, Place } from './ports.ts'
import type { SignInChanges } from './sign-in-ports.ts'

/** Who changes something, in words, and when. */
export type Author = { actor: string; at: Instant }

export type NewPartner = Pick<Partner, 'parentId' | 'username' | 'name'> &
  Partial<Pick<Partner, 'company' | 'email' | 'phone'>>

export type NewAccount = Pick<Account, 'partnerId' | 'username' | 'name' | 'timeZone' | 'acceptsNewSets'> &
  Partial<Pick<Account, 'company' | 'email' | 'phone' | 'referenceCode' | 'runDays' | 'logDays'>>

export type NewComputer = { accountId: number; name: string; timeZone: string | null } & Partial<Contact>

/** What may be changed of a partner, an account and a computer. */
export type PartnerChange = Partial<Pick<Partner, 'name' | 'company' | 'email' | 'phone' | 'policy'>>

export type AccountChange = Partial<
  Pick<Account, 'name' | 'timeZone' | 'acceptsNewSets' | 'company' | 'email' | 'phone' | 'referenceCode' | 'status'> &
    Pick<Account, 'runDays' | 'logDays'> & {
      /** Why it was canceled; null once it is in use again. */
      cancellationNote: string | null
    }
>

/** `deletedAt` goes with the status of a deleted one: until then its backups took up space. */
export type ComputerChange = Partial<
  Pick<Computer, 'name' | 'ownTimeZone' | 'status' | 'email' | 'phone'> & { deletedAt: Instant }
>

export type NewBackupSet = Omit<
  BackupSet,
  'id' | 'slug' | 'tool' | 'enabled' | 'createdAt' | 'expectedFrom' | 'missedBefore'
> & {
  /** Left out: made from the name. */
  slug?: string
  tool?: string | null
  /** Left out: it is switched on. */
  enabled?: boolean
}

/** What may be changed of a backup set. */
export type BackupSetChange = Partial<Omit<BackupSet, 'id' | 'accountId' | 'computerKey' | 'slug' | 'createdAt'>>

/** A new UUID of a set's ping URL, as its hash, and when those that it has come to their end. */
export type NewPingId = { setId: number; hash: string; othersEndAt: Instant }

/** From when on a set is expected to do what it now says, and what it had missed by then. */
export type NewExpectation = { setId: number; expectedFrom: Instant; missedBefore: Instant | null }

export type NewApiKey = { hash: string; name: string; place: Place }

export type NewClient = { clientId: string; secretHash: string; name: string; scopes: readonly Scope[]; place: Place }

/** On what terms the tree of administration is changed. */
export type ChangeTerms = {
  /** Who makes the change: it is written down in its transaction. Left out: nobody does but the program itself. */
  by?: Author
  /** Only if the tree still has this version; else the change throws `changed`. */
  ifVersion?: Version
}

/** The changes of the tree of administration, each in one transaction. */
export interface TreeChanges extends UserChanges, SignInChanges, MailRuleChanges, ChannelChanges {
  addPartner(partner: NewPartner, now: Instant): Promise<Partner>
  /** With a policy every set below the partner is judged anew. */
  changePartner(id: number, change: PartnerChange): Promise<void>
  /** Throws `conflict` while the partner still has accounts or partners below it. */
  removePartner(id: number): Promise<void>
  addAccount(account: NewAccount, now: Instant): Promise<Account>
  /** `expectations` are those of the sets whose due times the change moves. */
  changeAccount(id: number, change: AccountChange, expectations?: NewExpectation[]): Promise<void>
  /** Throws `conflict` while the account still has computers. */
  removeAccount(id: number): Promise<void>
  /** Numbers the computer: the first of an account is "0000". */
  addComputer(computer: NewComputer, now: Instant): Promise<Computer>
  changeComputer(key: number, change: ComputerChange, expectations?: NewExpectation[]): Promise<void>
  /** Replaces the computer's agent key: the old one ends at once. */
  setAgentKey(computerKey: number, hash: string, now: Instant): Promise<void>
  /** Replaces the computer's ping key: the old one ends at once. */
  setPingKey(computerKey: number, hash: string, now: Instant): Promise<void>
  /** Changes what is given, and leaves the rest as it is. Throws `invalid`. */
  changeNotificationOptions(computerKey: number, change: PartOf<NotificationOptions>): Promise<void>
  /** Numbers the address within its computer. Throws `conflict` for one that is there, and for one too many. */
  addNotificationEmail(
    computer: Pick<Computer, 'accountId' | 'key'>,
    email: Omit<NotificationEmail, 'id'>,
  ): Promise<NotificationEmail>
  /** Throws `conflict` for an address that another entry has, `not-found` when there is no such entry. */
  changeNotificationEmail(
    computer: Pick<Computer, 'accountId' | 'key'>,
    id: number,
    change: Partial<Omit<NotificationEmail, 'id'>>,
  ): Promise<void>
  /** Throws `not-found`. */
  removeNotificationEmail(computer: Pick<Computer, 'accountId' | 'key'>, id: number): Promise<void>
  addBackupSet(set: NewBackupSet, now: Instant): Promise<BackupSet>
  changeBackupSet(id: number, change: BackupSetChange): Promise<void>
  /** Removes the set and the runs that were recorded for it. */
  removeBackupSet(id: number): Promise<void>
  /** Gives a set a new UUID for its ping URL. */
  addPingId(id: NewPingId, now: Instant): Promise<void>
  addClient(client: NewClient, now: Instant): Promise<Client>
  changeClient(id: number, change: { name?: string; scopes?: readonly Scope[]; secretHash?: string }): Promise<void>
  /** Removes the client; its tokens end with it. */
  removeClient(id: number): Promise<void>
  addApiKey(key: NewApiKey, now: Instant): Promise<ApiKey>
  removeApiKey(id: number): Promise<void>
  /** Ends a token. Nothing happens when there is none. */
  revokeToken(hash: string): Promise<void>
}
