import type { SeenComputer } from '../app/ports.ts'
import { type Sighting, sightingGapMs } from '../domain/presence.ts'
import type { Database, SqlDialect } from './database.ts'
import { prepare } from './prepared.ts'
import { overRows, type RunStatement } from './rows-statement.ts'

const columns = { account_id: 'bigint', computer_key: 'bigint', seen_at: 'bigint' } as const

/** Builds what notes that computers were seen, and lets those of their sets be judged anew that ask for presence. */
export function buildNoteSightings(dialect: SqlDialect): (run: RunStatement, seen: SeenComputer[]) => Promise<void> {
  const over = overRows(dialect)
  const extend = over(
    columns,
    rows => `update sightings set until_at = r.seen_at from ${rows} as r
      where sightings.account_id = r.account_id and sightings.computer_key = r.computer_key
        and sightings.until_at between r.seen_at - ${sightingGapMs} and r.seen_at
      returning sightings.computer_key`,
  )
  const add = over(
    columns,
    rows => `insert into sightings (account_id, computer_key, from_at, until_at)
      select r.account_id, r.computer_key, r.seen_at, r.seen_at from ${rows} as r where true
      on conflict (account_id, computer_key, from_at) do nothing`,
  )
  const judgeAnew = over(
    columns,
    rows => `update judgements set next_at = 0 from ${rows} as r
      join backup_sets as s on s.account_id = r.account_id and s.computer_key = r.computer_key
      where s.presence = 'required' and judgements.account_id = r.account_id and judgements.set_id = s.id`,
  )

  return async (run, seen) => {
    const newest = new Map(seen.map(one => [one.computerKey, one]))
    const rows = [...newest.values()].map(({ accountId, computerKey, seenAt }) => ({
      account_id: accountId,
      computer_key: computerKey,
      seen_at: seenAt,
    }))
    const extended = new Set((await run<{ computer_key: number }>(extend, rows)).map(row => row.computer_key))
    await run(
      add,
      rows.filter(row => !extended.has(row.computer_key)),
    )
    await run(judgeAnew, rows)
  }
}

/** Builds the look-up of the times in which a computer was seen, oldest first. */
export function prepareSightings(database: Database): (accountId: number, computerKey: number) => Promise<Sighting[]> {
  const query = prepare(database, (accountId: number, computerKey: number) =>
    database.reader
      .selectFrom('sightings')
      .select(['from_at as from', 'until_at as until'])
      .where('account_id', '=', accountId)
      .where('computer_key', '=', computerKey)
      .orderBy('from_at', 'desc')
      .limit(mostSightings),
  )
  return async (accountId, computerKey) => (await query(accountId, computerKey)).toReversed()
}

/** How many sightings of a computer are looked at: of one that comes and goes ten times a day those of three months. */
export const mostSightings = 1_000
