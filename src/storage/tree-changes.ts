import { AppError } from '../domain/app-error.ts'
import type { Computer } from '../domain/tree.ts'
import type { NewUser } from '../app/partner-ports.ts'
import type { SignInLink } from '../app/sign-in-ports.ts'
import type { ChangeTerms, TreeChanges } from '../app/tree-ports.ts'
import * as accounts from './accounts.ts'
import * as apiKeys from './api-keys.ts'
import { type Audited, makeAudited } from './audited-change.ts'
import {
  accountSubject,
  apiKeySubject,
  type AuditSubject,
  channelSubject,
  clientSubject,
  computerSubject,
  notificationEmailSubject,
  mailRuleSubject,
  partnerSubject,
  setSubject,
  userSubject,
} from './audit-subjects.ts'
import * as backupSets from './backup-sets.ts'
import * as channels from './channels.ts'
import * as clients from './clients.ts'
import { setComputerKey } from './computer-keys.ts'
import * as computers from './computers.ts'
import { raiseTreeVersion } from './data-versions.ts'
import type { Database, Db } from './database.ts'
import * as notificationEmails from './notification-emails.ts'
import * as notificationOptions from './notification-options.ts'
import * as mailRules from './mail-rules.ts'
import * as partners from './partners.ts'
import { addPingId } from './ping-keys.ts'
import * as signIns from './sign-ins.ts'
import * as tokens from './tokens.ts'
import * as users from './users.ts'

/** Builds every change of the tree of administration, on terms that the caller of each states. */
export function buildTreeChanges({ writer }: Database): (terms: ChangeTerms) => TreeChanges {
  return terms => {
    /** A change in one transaction with the new version of the tree, and with what is written down of it. */
    function changeTree<Result>(audited: Audited<Result>, change: (db: Db) => Promise<Result>): Promise<Result> {
      return writer.transaction().execute(async db => {
        const version = await raiseTreeVersion(db)
        if (terms.ifVersion !== undefined && version !== terms.ifVersion + 1) {
          throw new AppError('changed', 'The tree of administration was changed by somebody else just now; try again.')
        }
        return makeAudited(db, terms.by, audited, change)
      })
    }

    return {
      addPartner: (partner, now) =>
        changeTree(adding('partner', partnerSubject), db => partners.addPartner(db, partner, now)),
      changePartner: (id, change) =>
        changeTree(changing('partner', partnerSubject, id), db => partners.changePartner(db, id, change)),
      removePartner: id => changeTree(removing('partner', partnerSubject, id), db => partners.removePartner(db, id)),

      addUser: (user, now) =>
        changeTree({ action: 'add user', after: (db, { username }) => userSubject(db, username) }, db =>
          users.addUser(db, user, now),
        ),
      changeUser: (username, change) =>
        changeTree(changing('user', userSubject, username), db => users.changeUser(db, username, change)),
      removeUser: username => changeTree(removing('user', userSubject, username), db => users.removeUser(db, username)),

      setPassword: (change, now) =>
        changeTree(renewing('password', userSubject, change.username), db => signIns.setPassword(db, change, now)),
      setCodeSecret: (change, now) =>
        changeTree(renewing('one-time codes', userSubject, change.username), db =>
          signIns.setCodeSecret(db, change, now),
        ),
      takeSignInLink: (link, chosen, now) =>
        changeTree(takingLink(link, chosen.added), db => signIns.takeSignInLink(db, link, chosen, now)),
      // As with a token: whoever has a session may end it.
      endSession: hash => changeTree({ action: 'end session' }, db => signIns.endSession(db, hash)),
      endOtherSessions: (username, keeping) =>
        changeTree({ action: 'end sessions' }, db => signIns.endSessions(db, username, keeping)),

      addAccount: (account, now) =>
        changeTree(adding('account', accountSubject), db => accounts.addAccount(db, account, now)),
      changeAccount: (id, change, expectations) =>
        changeTree(changing('account', accountSubject, id), db => accounts.changeAccount(db, id, change, expectations)),
      removeAccount: id => changeTree(removing('account', accountSubject, id), db => accounts.removeAccount(db, id)),

      addComputer: (computer, now) =>
        changeTree({ action: 'add computer', after: (db, { key }) => computerSubject(db, key) }, db =>
          computers.addComputer(db, computer, now),
        ),
      changeComputer: (key, change, expectations) =>
        changeTree(changing('computer', computerSubject, key), db =>
          computers.changeComputer(db, key, change, expectations),
        ),
      setAgentKey: (computerKey, hash, now) =>
        changeTree(renewing('agent key', computerSubject, computerKey), db =>
          setComputerKey(db, 'agent_keys', { computerKey, hash }, now),
        ),
      setPingKey: (computerKey, hash, now) =>
        changeTree(renewing('ping key', computerSubject, computerKey), db =>
          setComputerKey(db, 'ping_keys', { computerKey, hash }, now),
        ),

      changeNotificationOptions: (key, change) =>
        changeTree(changing('computer', computerSubject, key), db =>
          notificationOptions.changeNotificationOptions(db, key, change),
        ),

      addNotificationEmail: (computer, email) =>
        changeTree(adding('notification address', notificationEmailSubjectOf(computer)), db =>
          notificationEmails.addNotificationEmail(db, computer, email),
        ),
      changeNotificationEmail: (computer, id, change) =>
        changeTree(changing('notification address', notificationEmailSubjectOf(computer), id), db =>
          notificationEmails.changeNotificationEmail(db, computer, id, change),
        ),
      removeNotificationEmail: (computer, id) =>
        changeTree(removing('notification address', notificationEmailSubjectOf(computer), id), db =>
          notificationEmails.removeNotificationEmail(db, computer, id),
        ),

      addBackupSet: (set, now) =>
        changeTree(adding('backup set', setSubject), db => backupSets.addBackupSet(db, set, now)),
      changeBackupSet: (id, change) =>
        changeTree(changing('backup set', setSubject, id), db => backupSets.changeBackupSet(db, id, change)),
      removeBackupSet: id =>
        changeTree(removing('backup set', setSubject, id), db => backupSets.removeBackupSet(db, id)),
      addPingId: (id, now) => changeTree(renewing('ping URL', setSubject, id.setId), db => addPingId(db, id, now)),

      addMailRule: (rule, now) =>
        changeTree(adding('mail rule', mailRuleSubject), db => mailRules.addMailRule(db, rule, now)),
      removeMailRule: (accountId, computerKey, id) =>
        changeTree(removing('mail rule', mailRuleSubject, id), db =>
          mailRules.removeMailRule(db, { accountId, computerKey, id }),
        ),

      addClient: (client, now) => changeTree(adding('client', clientSubject), db => clients.addClient(db, client, now)),
      changeClient: (id, change) =>
        changeTree({ ...changing('client', clientSubject, id), isAlwaysTold: change.secretHash !== undefined }, db =>
          clients.changeClient(db, id, change),
        ),
      removeClient: id => changeTree(removing('client', clientSubject, id), db => clients.removeClient(db, id)),
      addApiKey: (key, now) => changeTree(adding('API key', apiKeySubject), db => apiKeys.addApiKey(db, key, now)),
      removeApiKey: id => changeTree(removing('API key', apiKeySubject, id), db => apiKeys.removeApiKey(db, id)),
      addChannel: (channel, now) =>
        changeTree(adding('channel', channelSubject), db => channels.addChannel(db, channel, now)),
      removeChannel: id => changeTree(removing('channel', channelSubject, id), db => channels.removeChannel(db, id)),
      // A token is nobody's: whoever has it may end it.
      revokeToken: hash => changeTree({ action: 'revoke token' }, db => tokens.revokeToken(db, hash)),
    }
  }
}

type FindSubject<Key = number> = (db: Db, key: Key) => Promise<AuditSubject | undefined>

function notificationEmailSubjectOf(computer: Pick<Computer, 'accountId' | 'key'>): FindSubject {
  return (db, id) => notificationEmailSubject(db, computer, id)
}

function adding(what: string, find: FindSubject): Audited<{ id: number }> {
  return { action: `add ${what}`, after: (db, { id }) => find(db, id) }
}

function changing<Key>(what: string, find: FindSubject<Key>, key: Key): Audited<unknown> {
  return { action: `change ${what}`, before: db => find(db, key), after: db => find(db, key) }
}

function renewing<Key>(what: string, find: FindSubject<Key>, key: Key): Audited<unknown> {
  return { ...changing(what, find, key), action: `renew ${what}`, isAlwaysTold: true }
}

/** The person of a link is added with it, or chooses a new password. */
function takingLink({ username }: SignInLink, added: NewUser | null): Audited<unknown> {
  if (added) return { action: 'add user', after: db => userSubject(db, added.username) }
  return renewing('password', userSubject, username ?? '')
}

function removing<Key>(what: string, find: FindSubject<Key>, key: Key): Audited<unknown> {
  return { action: `remove ${what}`, before: db => find(db, key) }
}
