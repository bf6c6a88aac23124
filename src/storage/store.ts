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
import { knownBelow, treeBelow } from './below.ts'
import * as clients from './clients.ts'
import { setComputerKey } from './computer-keys.ts'
import * as computers from './computers.ts'
import { listConditionChanges } from './condition-changes.ts'
import { raiseTreeVersion, treeOfAdministration } from './data-versions.ts'
import type { Database, Db, PingRequest, RecordRequest } from './database.ts'
import { isPostgresUrl } from './database-url.ts'
import { buildGroupCommit } from './group-commit.ts'
import { buildMailStore } from './mails.ts'
import * as partners from './partners.ts'
import { addPingId, preparePingKeys } from './ping-keys.ts'
import { listPings } from './pings.ts'
import type { PostgresOptions } from './postgres.ts'
import * as runs from './runs.ts'
import { prepareSetStates } from './set-states.ts'
import { prepareSightings } from './sightings.ts'
import * as tokens from './tokens.ts'

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

  /** Every change of the tree, in one transaction with the new version of the tree. */
  function changeTree<Result>(change: (db: Db) => Promise<Result>): Promise<Result> {
    return writer.transaction().execute(async transaction => {
      await raiseTreeVersion(transaction)
      return change(transaction)
    })
  }

  return {
    kind: database.dialect.kind,
    treeVersion: () => database.version(treeOfAdministration),
    accountVersion: accountId => database.version(accountId),

    addPartner: (partner, now) => changeTree(db => partners.addPartner(db, partner, now)),
    findPartner: username => partners.findPartner(reader, username),
    listPartners: () => partners.listPartners(reader),
    listAuditLog: (partnerId, most) => listAuditLog(reader, partnerId, most),
    changePartner: (id, change, audit) => changeTree(db => partners.changePartner(db, id, change, audit)),
    removePartner: id => changeTree(db => partners.removePartner(db, id)),
    policyOf: path => partners.policyOf(reader, path),

    addAccount: (account, now) => changeTree(db => accounts.addAccount(db, account, now)),
    findAccount: username => accounts.findAccount(reader, username),
    listAccounts: () => accounts.listAccounts(reader),
    changeAccount: (id, change, expectations) => changeTree(db => accounts.changeAccount(db, id, change, expectations)),
    removeAccount: id => changeTree(db => accounts.removeAccount(db, id)),

    addComputer: (computer, now) => changeTree(db => computers.addComputer(db, computer, now)),
    ...computers.prepareComputers(database),
    listComputers: accountId => computers.listComputers(reader, accountId),
    changeComputer: (key, change, expectations) =>
      changeTree(db => computers.changeComputer(db, key, change, expectations)),

    addBackupSet: (set, now) => changeTree(db => backupSets.addBackupSet(db, set, now)),
    findBackupSet: (accountId, computerKey, name) => backupSets.findBackupSet(reader, { accountId, computerKey, name }),
    listBackupSets: (accountId, computerKey) => backupSets.listBackupSets(reader, accountId, computerKey),
    changeBackupSet: (id, change) => changeTree(db => backupSets.changeBackupSet(db, id, change)),
    removeBackupSet: id => changeTree(db => backupSets.removeBackupSet(db, id)),
    setStates: prepareSetStates(database),
    treeBelow: node => treeBelow(reader, node),
    knownBelow: (node, now) => knownBelow(reader, node, now),
    listBackupRuns: (accountId, setId, from, most) => runs.listBackupRuns(reader, { accountId, setId, from, most }),
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
    pulse: (now, isStart) => writer.transaction().execute(db => absences.pulse(db, now, isStart)),
    lastPulse: () => absences.lastPulse(reader),
    listAbsences: () => absences.listAbsences(reader),
    noteSighting: seen => database.batch('noteSightings', [seen]),
    sightings: prepareSightings(database),

    recordRun: (place: RunPlace, report: RunReport) => recordInGroup({ place, report }),
    findRun: (accountId, computerKey, id) => runs.findRun(reader, { accountId, computerKey, id }),
    findRunLog: (accountId, computerKey, id) => runs.findRunLog(reader, { accountId, computerKey, id }),
    findLoggedRuns: (accountId, ids) => runs.findLoggedRuns(reader, accountId, ids),

    recordPing: (place, setId, ping, source) => recordPingInGroup({ place, setId, ping, source }),
    listPings: (accountId, setId, most) => listPings(reader, accountId, setId, most),
    setPingKey: (computerKey, hash, now) =>
      changeTree(db => setComputerKey(db, 'ping_keys', { computerKey, hash }, now)),
    addPingId: (id, now) => changeTree(db => addPingId(db, id, now)),
    ...preparePingKeys(database),
    ...buildMailStore(database),

    addClient: (client, now) => changeTree(db => clients.addClient(db, client, now)),
    findClient: clientId => clients.findClient(reader, clientId),
    listClients: () => clients.listClients(reader),
    changeClient: (id, change) => changeTree(db => clients.changeClient(db, id, change)),
    removeClient: id => changeTree(db => clients.removeClient(db, id)),

    addApiKey: (key, now) => changeTree(db => apiKeys.addApiKey(db, key, now)),
    listApiKeys: () => apiKeys.listApiKeys(reader),
    removeApiKey: id => changeTree(db => apiKeys.removeApiKey(db, id)),
    findApiKey: hash => apiKeys.findApiKey(reader, { hash }),
    findApiKeyById: id => apiKeys.findApiKey(reader, { id }),
    checkSecret: () => apiKeys.checkSecret(reader),

    // A token that nobody has seen yet changes nothing that was read before: the tree keeps its version.
    addToken: (token, now) => tokens.addToken(writer, token, now),
    setAgentKey: (computerKey, hash, now) =>
      changeTree(db => setComputerKey(db, 'agent_keys', { computerKey, hash }, now)),
    findBearer: async (hash): Promise<FoundBearer | undefined> => (await findToken(hash)) ?? (await findAgentKey(hash)),
    revokeToken: hash => changeTree(db => tokens.revokeToken(db, hash)),
    removeExpiredTokens: before => tokens.removeExpiredTokens(writer, before),

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
