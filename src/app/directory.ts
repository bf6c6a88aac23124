import { type Absences, defaultCatchUpMs } from '../domain/absence.ts'
import { AppError } from '../domain/app-error.ts'
import { type Policy } from '../domain/condition.ts'
import type { Instant } from '../domain/instant.ts'
import { isWithin, type Principal, type TreeNode } from '../domain/principal.ts'
import type { Account, BackupSet, Computer, Partner } from '../domain/tree.ts'
import type { FoundBearer, Store, Version } from './ports.ts'
import { rememberUntilChanged } from './remember.ts'
import { equalHashes, hashSecret } from './secrets.ts'

/**
 * Who may see what: the look-ups that every request needs, remembered until the tree of administration changes. Each
 * takes the tree's version, which a request reads once, when it begins.
 */
export interface Directory {
  /** Whom a bearer secret (a token or an agent key) belongs to. Throws `unauthenticated` when it is unknown or ended. */
  authenticate(version: Version, secret: string, now: Instant): Promise<FoundBearer>
  /** Whether a bearer secret was right under this version and is remembered; nothing is looked up. */
  remembers(version: Version, secret: string): boolean
  /** A partner that the caller may see. Throws `not-found`, the same for one that is not there and one that is not its. */
  getPartner(version: Version, principal: Principal, username: string): Promise<Partner>
  /** The partner that the caller is bound to. Throws `not-found` when it is bound to an account or a computer. */
  getOwnPartner(version: Version, principal: Principal): Promise<Partner>
  /** An account that the caller may see. Throws `not-found`, the same for one that is not there and one that is not its. */
  getAccount(version: Version, principal: Principal, username: string): Promise<Account>
  /** A computer that the caller may see. Throws `not-found`, the same for one that is not there and one that is not its. */
  getComputer(version: Version, principal: Principal, username: string, computerId: string): Promise<Computer>
  /** The same, also a computer that was deleted. */
  getKnownComputer(version: Version, principal: Principal, username: string, computerId: string): Promise<Computer>
  /**
   * An account of which the caller may see something: all of it, or the one computer that the caller is bound to. Throws
   * `not-found`, the same for one that is not there.
   */
  getAccountAround(version: Version, principal: Principal, username: string): Promise<Account>
  /** The computer that the caller is bound to. Throws `not-found` when it is bound to none. */
  getOwnComputer(version: Version, principal: Principal): Promise<Computer>
  /** The policy that holds for the accounts of a partner. */
  policyOf(version: Version, partnerPath: string): Promise<Policy>
  /** The backup sets of a computer. */
  setsOf(version: Version, computer: Pick<Computer, 'accountId' | 'key'>): Promise<readonly BackupSet[]>
  /** The times in which no server was awake. */
  absences(version: Version): Promise<Absences>
}

/** Why a bearer secret is not accepted; becomes the `error` of the answer. */
export const expiredToken = 'The token has expired; ask for a new one.'

/** Builds the directory of a store; `catchUpMs` is how long clients get after an absence of ours. */
export function buildDirectory(store: Store, catchUpMs: number = defaultCatchUpMs): Directory {
  const findBearer = rememberUntilChanged(async hash => {
    const bearer = await store.findBearer(hash)
    return bearer && equalHashes(bearer.hash, hash) ? bearer : undefined
  }, 10_000)
  const findPartner = rememberSeen(
    username => store.findPartner(username),
    (partner, node) => isWithin(toPartnerNode(partner), node),
  )
  const findPartnerAt = rememberUntilChanged(
    async partnerPath => (await store.listPartners()).find(({ path }) => path === partnerPath),
    10_000,
  )
  const findAccount = rememberSeen(
    username => store.findAccount(username),
    (account, node) => isWithin(toAccountNode(account), node),
  )
  const findAccountAround = rememberSeen(
    username => store.findAccount(username),
    (account, node) =>
      isWithin(toAccountNode(account), node) || (node.computerKey !== null && node.accountId === account.id),
  )
  const isSeenComputer = (computer: Computer, node: TreeNode) => isWithin(toNode(computer), node)
  const findComputer = rememberSeen(name => store.findComputer(...toComputerNames(name)), isSeenComputer)
  const findKnownComputer = rememberSeen(name => store.findKnownComputer(...toComputerNames(name)), isSeenComputer)
  const findOwnComputer = rememberUntilChanged(key => store.findComputerByKey(Number(key)), 20_000)
  const policyOf = rememberUntilChanged(path => store.policyOf(path), 10_000)
  const setsOf = rememberUntilChanged(key => {
    const [accountId, computerKey] = key.split('/').map(Number)
    return store.listBackupSets(accountId ?? 0, computerKey ?? 0)
  }, 20_000)
  const absences = rememberUntilChanged(async () => ({ gaps: await store.listAbsences(), catchUpMs }), 1)

  return {
    async authenticate(version, secret, now) {
      const bearer = await findBearer(version, hashSecret(secret))
      if (!bearer) throw new AppError('unauthenticated', 'The token is not known; ask for a new one.')
      if (bearer.expiresAt !== null && bearer.expiresAt <= now) throw new AppError('unauthenticated', expiredToken)
      return bearer
    },

    remembers: (version, secret) => findBearer.remembers(version, hashSecret(secret)),

    async getPartner(version, principal, username) {
      const partner = isName(username) ? await findPartner(version, principal, username) : undefined
      if (partner) return partner
      throw new AppError('not-found', `There is no partner ${username}.`)
    },

    async getOwnPartner(version, { node }) {
      const partner = node.accountId === null ? await findPartnerAt(version, node.partnerPath) : undefined
      if (partner) return partner
      throw new AppError('not-found', 'The token is bound to no partner, so that it has none of its own.')
    },

    async getAccount(version, principal, username) {
      const account = isName(username) ? await findAccount(version, principal, username) : undefined
      if (account) return account
      throw noAccount(username)
    },

    async getComputer(version, principal, username, computerId) {
      // A slash cannot be part of either, so that the two together are one key.
      const computer = isName(username + computerId)
        ? await findComputer(version, principal, `${username}/${computerId}`)
        : undefined
      return visible(computer, principal, username, computerId)
    },

    async getKnownComputer(version, principal, username, computerId) {
      const computer = isName(username + computerId)
        ? await findKnownComputer(version, principal, `${username}/${computerId}`)
        : undefined
      return visible(computer, principal, username, computerId)
    },

    async getAccountAround(version, principal, username) {
      const account = isName(username) ? await findAccountAround(version, principal, username) : undefined
      if (account) return account
      throw noAccount(username)
    },

    async getOwnComputer(version, principal) {
      const key = principal.node.computerKey
      const computer = key === null ? undefined : await findOwnComputer(version, String(key))
      if (computer) return computer
      throw new AppError('not-found', 'This token is not bound to one computer: name the computer in the path.')
    },

    async policyOf(version, partnerPath) {
      return (await policyOf(version, partnerPath)) ?? {}
    },

    async setsOf(version, { accountId, key }) {
      return (await setsOf(version, `${accountId}/${key}`)) ?? []
    },

    async absences(version) {
      return (await absences(version, '')) ?? { gaps: [], catchUpMs }
    },
  }
}

const mostSeen = 40_000

/**
 * Remembers what callers see by a name, for each node that they are bound to by itself, and nothing as well as something: so
 * what is foreign costs as much as what is missing, and the time of an answer does not tell that others use a name.
 */
function rememberSeen<Value>(
  find: (name: string) => Promise<Value | undefined>,
  isSeen: (value: Value, node: TreeNode) => boolean,
): (version: Version, principal: Principal, name: string) => Promise<Value | undefined> | Value | undefined {
  let there = ''
  const remembered = rememberUntilChanged(
    async key => {
      const { node, name } = parseSeenKey(key)
      const value = await find(name)
      if (value !== undefined) there = name
      if (value !== undefined && isSeen(value, node)) return value
      // To find something takes longer than to find nothing: whatever is refused takes one of both.
      await find(value === undefined ? there : '')
      return undefined
    },
    mostSeen,
    { remembersMisses: true },
  )
  return (version, { node }, name) => remembered(version, toSeenKey(node, name))
}

/** The two names that name a computer, of the one that they are looked up by. */
function toComputerNames(name: string): [username: string, computerId: string] {
  const [username = '', computerId = ''] = name.split('/')
  return [username, computerId]
}

/** A node and a name as one text; it is needed for every request. */
function toSeenKey({ partnerPath, accountId, computerKey }: TreeNode, name: string): string {
  return `${partnerPath} ${accountId ?? ''} ${computerKey ?? ''} ${name}`
}

function parseSeenKey(key: string): { node: TreeNode; name: string } {
  // A path of partners has no space in it; a name may have.
  const [partnerPath = '', account = '', computer = '', ...name] = key.split(' ')
  const toNumber = (text: string) => (text === '' ? null : Number(text))
  return { node: { partnerPath, accountId: toNumber(account), computerKey: toNumber(computer) }, name: name.join(' ') }
}

/** The computer, if it is there and the principal may see it. Throws `not-found`, the same where either is not so. */
function visible(computer: Computer | undefined, { node }: Principal, username: string, computerId: string): Computer {
  if (computer && isWithin(toNode(computer), node)) return computer
  throw new AppError('not-found', `There is no computer ${computerId} of an account ${username}.`)
}

function noAccount(username: string): AppError {
  return new AppError('not-found', `There is no account ${username}.`)
}

/** Whether a text can be part of a path of names: without a slash, and without NUL, which no database can look for. */
function isName(text: string): boolean {
  return !/[/\0]/.test(text)
}

/** Where a partner stands in the tree. */
export function toPartnerNode({ path }: Partner): TreeNode {
  return { partnerPath: path, accountId: null, computerKey: null }
}

/** Where an account hangs in the tree. */
export function toAccountNode({ partnerPath, id }: Account): TreeNode {
  return { partnerPath, accountId: id, computerKey: null }
}

/** Where a computer hangs in the tree. */
export function toNode({ partnerPath, accountId, key }: Computer): TreeNode {
  return { partnerPath, accountId, computerKey: key }
}
