import { sql } from 'kysely'
import type { FoundBearer, RecordedPing, RecordedRun, RunPlace, Store } from '../app/ports.ts'
import type { RunReport } from '../domain/run-report.ts'
import { AppError } from '../domain/app-error.ts'
import * as absences from './absences.ts'
import * as accounts from './accounts.ts'
import { prepareFindAgentKey } from './agent-keys.ts'
import * as apiKeys from './api-keys.ts'
import { listAuditLog } from './audit-log.ts'
import * as backupSets from './backup-sets.ts'
import { knownBelow, sliceBelow, treeBelow } from './below.ts'
import * as channels from './channels.ts'
import * as clients from './clients.ts'
import * as computers from './computers.ts'
import { listChangesSince, listConditionChanges, newestConditionChange } from './condition-changes.ts'
import type { Database, PingRequest, RecordRequest } from './database.ts'
import { isPostgresUrl } from './database-url.ts'
import { dropPartitionsBefore } from './drop-partitions.ts'
import { buildGroupCommit } from './group-commit.ts'
import { buildMailStore } from './mails.ts'
import * as notificationEmails from './notification-emails.ts'
import { readNotificationOptions } from './notification-options.ts'
import * as partners from './partners.ts'
import { preparePingKeys } from './ping-keys.ts'
import { listPings } from './pings.ts'
import { buildSharedCounts } from './request-counts.ts'
import type { PostgresOptions } from './postgres-pool.ts'
import { listRuns } from './run-history.ts'
import { keepPartitions } from './run-partitions.ts'
import * as runs from './runs.ts'
import { prepareSetStates } from './set-states.ts'
import { prepareSightings } from './sightings.ts'
import * as signIns from './sign-ins.ts'
import { listTroubles } from './troubles.ts'
import { listSignups } from './signups.ts'
import * as tokens from './tokens.ts'
import { buildTreeChanges } from './tree-changes.ts'
import { treeOfAdministration } from './tree-of-administration.ts'
import * as usernames from './usernames.ts'
import * as users from './users.ts'
import { usageAt } from './usage-history.ts'
import { usageOf } from './usage.ts'

/**
 * Opens the store that a setting names: `postgres://…` or `postgresql://…`, or the path of an SQLite file.
 * Throws `invalid` for a database that is not ours, damaged or newer, `unavailable` for one that cannot be reached.
 */
export async function openStore(database: string, options: Omit<PostgresOptions, 'url'> = {}): Promise<Store> {
  return buildStore(await openDatabase(database, options))
}

/** Each database brings a good deal of code along: only what is needed is loaded. */
async function openDatabase(database: string, options: Omit<PostgresOptions, 'url'>): Promise<Database> {
  if (isPostgresUrl(database)) {
    const { openPostgres } = await import('./postgres.ts')
    return openPostgres({ ...options, url: database })
  }
  const { openSqlite } = await import('./sqlite.ts')
  return openSqlite(database)
}

function buildStore(database: Database): Store {
  const { reader, writer } = database
  const recordInGroup = buildGroupCommit<RecordRequest, RecordedRun>(
    batch => database.batch('record', batch),
    database.concurrentBatches,
  )
  const recordPingInGroup = buildGroupCommit<PingRequest, RecordedPing>(
    batch => database.batch('recordPings', batch),
    database.concurrentBatches,
  )
  const findToken = tokens.prepareFindToken(database)
  const findAgentKey = prepareFindAgentKey(database)
  const findSession = signIns.prepareFindSession(database)

  const treeChanges = buildTreeChanges(database)

  return {
    kind: database.dialect.kind,
    ...treeChanges({}),
    changing: treeChanges,
    treeVersion: () => database.version(treeOfAdministration),
    accountVersion: accountId => database.version(accountId),

    findPartner: username => partners.findPartner(reader, username),
    listPartners: () => partners.listPartners(reader),
    listAuditLog: (partnerPath, page, selection) => listAuditLog(reader, partnerPath, page, selection),
    policyOf: path => partners.policyOf(reader, path),

    listSignups: (partnerPath, selection, order, page) =>
      listSignups(reader, { partnerPath, ...selection }, order, page),
    findUser: username => users.findUser(reader, username),
    listUsers: (partnerId, order, page) => users.listUsers(reader, partnerId, order, page),

    findPerson: username => signIns.findPerson(reader, username),
    listSessions: (username, now) => signIns.listSessions(reader, username, now),
    canAnybodySignIn: () => signIns.canAnybodySignIn(reader),
    findSignInLink: (hash, now) => signIns.findSignInLink(reader, hash, now),
    // A session that nobody has shown yet changes nothing that was read before, as a new token does not.
    addSession: (session, now) => signIns.addSession(writer, session, now),
    useCodeStep: (username, step) => signIns.useCodeStep(writer, username, step),
    addSignInLink: (link, now) => writer.transaction().execute(db => signIns.addSignInLink(db, link, now)),

    findAccount: username => accounts.findAccount(reader, username),
    listAccounts: () => accounts.listAccounts(reader),

    findNamedNode: username => usernames.findNamedNode(reader, username),
    nameNodeAt: place => usernames.nameNodeAt(reader, place),

    ...computers.prepareComputers(database),
    findKnownComputer: (username, computerId) => computers.findKnownComputer(reader, username, computerId),
    listComputers: accountId => computers.listComputers(reader, accountId),
    selectComputers: (selection, page) => computers.selectComputers(reader, selection, page),
    readNotificationOptions: key => readNotificationOptions(reader, key),
    listNotificationEmails: (computer, order, page) =>
      notificationEmails.listNotificationEmails(reader, computer, order, page),
    findNotificationEmail: (computer, id) => notificationEmails.findNotificationEmail(reader, computer, id),

    findBackupSet: (accountId, computerKey, name) => backupSets.findBackupSet(reader, { accountId, computerKey, name }),
    listBackupSets: (accountId, computerKey) => backupSets.listBackupSets(reader, accountId, computerKey),
    findSetPage: (computer, asked) => backupSets.findSetPage(reader, computer, asked),
    setStates: prepareSetStates(database),
    treeBelow: node => treeBelow(reader, node),
    knownBelow: (node, now) => knownBelow(reader, node, now),
    sliceBelow: async (node, slice) =>
      (await database.replica?.caughtUp(db => sliceBelow(db, node, slice))) ?? sliceBelow(reader, node, slice),
    listTroubles: sets => listTroubles(reader, sets),
    usageAt: (node, moments) => usageAt(reader, node, moments),
    usageOf: nodes => usageOf(reader, nodes),
    listBackupRuns: (accountId, setId, from, most) => runs.listBackupRuns(reader, { accountId, setId, from, most }),
    listChangesSince: (sets, period) => listChangesSince(reader, sets, period),
    listConditionChanges: (accountId, setId, page) => listConditionChanges(reader, accountId, setId, page),

    judge: async request => {
      const { reported, ...afterReports } = await database.batch('judgeReported', request)
      if (reported.length > 0) await database.batch('noteReported', reported)
      const due = Array.from({ length: database.concurrentBatches }, () => database.batch('judgeDue', request))
      const all = [afterReports, ...(await Promise.all(due))]
      return {
        judged: all.reduce((sum, { judged }) => sum + judged, 0),
        changed: all.reduce((sum, { changed }) => sum + changed, 0),
        hasMore: all.some(({ hasMore }) => hasMore),
      }
    },
    pulse: (now, last) => writer.transaction().execute(db => absences.pulse(db, database.dialect, now, last)),
    lastPulse: () => absences.lastPulse(reader),
    listAbsences: () => absences.listAbsences(reader),
    newestConditionChange: () => newestConditionChange(reader),
    noteSighting: seen => database.batch('noteSightings', [seen]),
    sightings: prepareSightings(database),

    sharedCounts: database.dialect.kind === 'postgres' ? buildSharedCounts(writer) : null,

    recordRun: (place: RunPlace, report: RunReport) => recordInGroup({ place, report }),
    findRun: (accountId, computerKey, id) => runs.findRun(reader, { accountId, computerKey, id }),
    findRunLog: (accountId, computerKey, id) => runs.findRunLog(reader, { accountId, computerKey, id }),
    listRuns: (selection, order, window) => listRuns(reader, selection, order, window),
    findLoggedRuns: (accountId, ids) => runs.findLoggedRuns(reader, accountId, ids),

    keepPartitions: now => keepPartitions(database, now),
    longestRunDays: usual => accounts.longestRunDays(reader, usual),
    dropPartitionsBefore: before => dropPartitionsBefore(database, before),

    recordPing: (place, setId, ping, source) => recordPingInGroup({ place, setId, ping, source }),
    listPings: (accountId, setId, most) => listPings(reader, accountId, setId, most),
    ...preparePingKeys(database),
    ...buildMailStore(database),

    listChannels: () => channels.listChannels(reader),
    findChannel: id => channels.findChannel(reader, id),
    findDueChannels: channels.prepareFindDueChannels(database),
    claimMessages: request => database.batch('claimMessages', request),
    settleMessages: (channelId, messages, now) => database.batch('settleMessages', { channelId, now, messages }),
    retryMessages: (id, now) => channels.retryMessages(writer, id, now),

    findClient: clientId => clients.findClient(reader, clientId),
    listClients: () => clients.listClients(reader),

    listApiKeys: () => apiKeys.listApiKeys(reader),
    findApiKey: hash => apiKeys.findApiKey(reader, { hash }),
    findApiKeyById: id => apiKeys.findApiKey(reader, { id }),
    checkSecret: () => apiKeys.checkSecret(reader),

    // A token that nobody has seen yet changes nothing that was read before: the tree keeps its version.
    addToken: (token, now) => tokens.addToken(writer, token, now),
    findBearer: async (hash): Promise<FoundBearer | undefined> =>
      (await findToken(hash)) ?? (await findAgentKey(hash)) ?? findSession(hash),
    shrink: () => database.shrink(),
    retain: request => database.batch('retain', request),
    removeExpiredSecrets: async before =>
      (await tokens.removeExpiredTokens(writer, before)) + (await signIns.removeExpiredSignIns(writer, before)),

    check: async () => {
      try {
        // By way of the writer: a store that can only be read is not ready.
        await sql`select 1`.execute(writer)
      } catch (error) {
        throw new AppError('unavailable', 'The database cannot answer now.', { cause: error })
      }
    },
    close: () => database.close(),
  }
}
