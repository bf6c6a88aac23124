import { sql } from 'kysely'
import type { TreeNode } from '../domain/principal.ts'
import type { Db } from './database.ts'

/** What the sets at some key take up together. */
type Sum = { key: number; bytes: number | null }
type PartnerSum = { path: string; bytes: number | null }

const mostKeys = 500

/**
 * What the backups of each node take up, in bytes, at its position: of every backup set of the computers at or below it
 * that are not deleted, the bytes of its newest good backup of which they are known. A few statements for each kind of
 * node, whatever the number of nodes, of sets and of runs.
 */
export async function usageOf(db: Db, nodes: readonly TreeNode[]): Promise<number[]> {
  const computers = await sumByComputer(db, nodes)
  const accounts = await sumByAccount(db, nodes)
  const partners = await sumByPartner(db, nodes)
  return nodes.map(({ partnerPath, accountId, computerKey }) => {
    if (computerKey !== null) return toBytes(computers.get(computerKey) ?? 0)
    if (accountId !== null) return toBytes(accounts.get(accountId) ?? 0)
    const below = partners.filter(({ path }) => path.startsWith(partnerPath))
    return toBytes(below.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0))
  })
}

async function sumByComputer(db: Db, nodes: readonly TreeNode[]): Promise<Map<number, number>> {
  const wanted = nodes.filter(({ computerKey }) => computerKey !== null)
  const accountIds = (some: readonly TreeNode[]) => unique(some.map(({ accountId }) => accountId))
  const sums = await inChunks(wanted, some =>
    statesInUse(db)
      .select(['computers.key', usedBytes])
      .where('set_states.account_id', 'in', accountIds(some))
      .where('set_states.computer_key', 'in', unique(some.map(({ computerKey }) => computerKey)))
      .groupBy('computers.key')
      .execute(),
  )
  return toMap(sums)
}

async function sumByAccount(db: Db, nodes: readonly TreeNode[]): Promise<Map<number, number>> {
  const wanted = nodes.filter(({ accountId, computerKey }) => accountId !== null && computerKey === null)
  const sums = await inChunks(wanted, some =>
    statesInUse(db)
      .select(['set_states.account_id as key', usedBytes])
      .where('set_states.account_id', 'in', unique(some.map(({ accountId }) => accountId)))
      .groupBy('set_states.account_id')
      .execute(),
  )
  return toMap(sums)
}

/** The sums of the partners themselves: who hangs below whom is told by their paths. */
async function sumByPartner(db: Db, nodes: readonly TreeNode[]): Promise<PartnerSum[]> {
  const paths = nodes.filter(({ accountId }) => accountId === null).map(({ partnerPath }) => partnerPath)
  const tops = unique(paths).filter(path => !paths.some(other => other !== path && path.startsWith(other)))
  return inChunks(tops, some =>
    statesInUse(db)
      .innerJoin('accounts', 'accounts.id', 'set_states.account_id')
      .innerJoin('partners', 'partners.id', 'accounts.partner_id')
      .select(['partners.path', usedBytes])
      .where(eb => eb.or(some.map(path => eb('partners.path', 'like', `${path}%`))))
      .groupBy('partners.path')
      .execute(),
  )
}

/** What is known of the sets of computers that are not deleted. */
const statesInUse = (db: Db) =>
  db
    .selectFrom('set_states')
    .innerJoin('computers', join =>
      join
        .onRef('computers.account_id', '=', 'set_states.account_id')
        .onRef('computers.key', '=', 'set_states.computer_key'),
    )
    .where('computers.status', '!=', 'deleted')

// Whole numbers as floating ones: they are exact where a number can be, and no sum of claimed sizes is out of range.
const usedBytes = sql<number | null>`sum(cast(set_states.good_bytes as double precision))`.as('bytes')

/** A sum as a count of the wire, which is a whole number below 2^53. */
export function toBytes(sum: number): number {
  return Math.min(sum, Number.MAX_SAFE_INTEGER)
}

function toMap(sums: readonly Sum[]): Map<number, number> {
  return new Map(sums.map(({ key, bytes }) => [key, bytes ?? 0]))
}

/** Asks for so many keys at once as one statement takes. */
async function inChunks<Key, Row>(keys: readonly Key[], ask: (some: readonly Key[]) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < keys.length; from += mostKeys) rows.push(...(await ask(keys.slice(from, from + mostKeys))))
  return rows
}

function unique<Value>(values: readonly (Value | null)[]): Value[] {
  return [...new Set(values)].filter(value => value !== null)
}
