import { AppError } from '../domain/app-error.ts'
import type { ChangeTerms, TreeChanges } from '../app/ports.ts'
import * as accounts from './accounts.ts'
import * as apiKeys from './api-keys.ts'
import { addAuditEntry } from './audit-log.ts'
import * as backupSets from './backup-sets.ts'
import * as clients from './clients.ts'
import { setComputerKey } from './computer-keys.ts'
import * as computers from './computers.ts'
import { raiseTreeVersion } from './data-versions.ts'
import type { Database, Db } from './database.ts'
import * as partners from './partners.ts'
import { addPingId } from './ping-keys.ts'
import * as tokens from './tokens.ts'

/** Builds every change of the tree of administration, on terms that the caller of each states. */
export function buildTreeChanges({ writer }: Database): (terms: ChangeTerms) => TreeChanges {
  return terms => {
    /** A change in one transaction with the new version of the tree, and with what is written down of it. */
    function changeTree<Result>(change: (db: Db) => Promise<Result>): Promise<Result> {
      return writer.transaction().execute(async transaction => {
        const version = await raiseTreeVersion(transaction)
        if (terms.ifVersion !== undefined && version !== terms.ifVersion + 1) {
          throw new AppError('changed', 'The tree of administration was changed by somebody else just now; try again.')
        }
        if (terms.audit) await addAuditEntry(transaction, terms.audit)
        return change(transaction)
      })
    }

    return {
      addPartner: (partner, now) => changeTree(db => partners.addPartner(db, partner, now)),
      changePartner: (id, change) => changeTree(db => partners.changePartner(db, id, change)),
      removePartner: id => changeTree(db => partners.removePartner(db, id)),

      addAccount: (account, now) => changeTree(db => accounts.addAccount(db, account, now)),
      changeAccount: (id, change, expectations) =>
        changeTree(db => accounts.changeAccount(db, id, change, expectations)),
      removeAccount: id => changeTree(db => accounts.removeAccount(db, id)),

      addComputer: (computer, now) => changeTree(db => computers.addComputer(db, computer, now)),
      changeComputer: (key, change, expectations) =>
        changeTree(db => computers.changeComputer(db, key, change, expectations)),
      setAgentKey: (computerKey, hash, now) =>
        changeTree(db => setComputerKey(db, 'agent_keys', { computerKey, hash }, now)),
      setPingKey: (computerKey, hash, now) =>
        changeTree(db => setComputerKey(db, 'ping_keys', { computerKey, hash }, now)),

      addBackupSet: (set, now) => changeTree(db => backupSets.addBackupSet(db, set, now)),
      changeBackupSet: (id, change) => changeTree(db => backupSets.changeBackupSet(db, id, change)),
      removeBackupSet: id => changeTree(db => backupSets.removeBackupSet(db, id)),
      addPingId: (id, now) => changeTree(db => addPingId(db, id, now)),

      addClient: (client, now) => changeTree(db => clients.addClient(db, client, now)),
      changeClient: (id, change) => changeTree(db => clients.changeClient(db, id, change)),
      removeClient: id => changeTree(db => clients.removeClient(db, id)),
      addApiKey: (key, now) => changeTree(db => apiKeys.addApiKey(db, key, now)),
      removeApiKey: id => changeTree(db => apiKeys.removeApiKey(db, id)),
      revokeToken: hash => changeTree(db => tokens.revokeToken(db, hash)),
    }
  }
}
