import { seconds } from '../../src/domain/instant.ts'
import type { RunFacts } from '../../src/domain/run.ts'
import type { Acknowledged } from './clients.ts'
import type { ReportingComputer } from './fleet.ts'
import type { PlannedSet } from './plan.ts'
import { isPartOf, replay, toText } from './replay.ts'
import type { TablesBeside } from './tables.ts'

/** What was sent, and what was acknowledged of it. */
export type Sent = {
  sets: readonly PlannedSet[]
  computers: readonly ReportingComputer[]
  acknowledged: ReadonlyMap<string, Acknowledged>
}

/** A change of a condition as it is stored, with the place of its set. */
export type ChangeRow = {
  id: number
  place: string
  found_at: number
  rules: string | null
  status: string | null
  previous_status: string | null
}

/** How the place of a set is called: account, computer and set. */
export function placeOf(set: PlannedSet, computers: readonly ReportingComputer[]): string {
  const computer = computers[set.computer]
  return `${computer?.username}/${computer?.computerId}/${set.name}`
}

const setOf = `join backup_sets as s on s.account_id = x.account_id and s.id = x.set_id
  join computers as c on c.account_id = s.account_id and c.key = s.computer_key
  join accounts as a on a.id = s.account_id`
const place = `a.username || '/' || c.computer_id || '/' || s.name as place`

/** Every change of a condition, oldest first within its set. */
export function readChanges({ query }: TablesBeside): Promise<ChangeRow[]> {
  return query<ChangeRow>(
    `select x.id, ${place}, x.found_at, x.rules, x.status, x.previous_status from condition_changes as x ${setOf} order by x.id`,
  )
}

const compared = ['state', 'errors', 'warnings', 'bytes'] as const

type RunRow = Pick<RunFacts, (typeof compared)[number]> & {
  id: number
  place: string
  run_key: string
  started_at: number
  updated_at: number
}

/** Every run that was acknowledged is there once, as it was acknowledged last, and nothing else is there. */
export async function checkRuns({ query }: TablesBeside, { sets, computers, acknowledged }: Sent): Promise<string[]> {
  const rows = await query<RunRow>(`select x.id, ${place}, x.run_key, x.started_at, x.updated_at,
    ${compared.map(name => `x.${name}`).join(', ')} from runs as x ${setOf}`)
  const stored = Map.groupBy(rows, row => `${row.place} ${row.run_key}`)
  const problems: string[] = []
  let planned = 0
  for (const set of sets) {
    for (const [runKey, facts] of replay(set.reports, Date.now()).runs) {
      planned += 1
      const name = `${placeOf(set, computers)} ${runKey}`
      const [row, ...others] = stored.get(name) ?? []
      const answers = acknowledged.get(runKey)
      if (!row) problems.push(`The run ${name} was acknowledged and is lost.`)
      else if (others.length > 0) problems.push(`The run ${name} is stored ${others.length + 1} times.`)
      else problems.push(...toDifferences(name, row, facts))
      if (row && (answers?.ids.size !== 1 || !answers.ids.has(row.id)))
        problems.push(
          `The run ${name} is number ${row.id} and was acknowledged as ${[...(answers?.ids ?? [])].join()}.`,
        )
      if ((answers?.created ?? 0) > 1) problems.push(`The run ${name} was called new ${answers?.created} times.`)
    }
  }
  if (rows.length !== planned) problems.push(`${rows.length} runs are stored, and ${planned} were reported.`)
  return problems
}

function toDifferences(name: string, row: RunRow, facts: RunFacts): string[] {
  const { startedAt, updatedAt } = facts
  const expected = [startedAt, updatedAt, ...compared.map(column => facts[column])].join()
  const found = [row.started_at, row.updated_at, ...compared.map(column => row[column])].join()
  return expected === found ? [] : [`The run ${name} is stored as ${found} and was acknowledged as ${expected}.`]
}

/**
 * Every change is recorded once: no two neighbours are the same, each names the one before it, the last is how the set
 * stands, all are what the set has been in turn, and of a paced set none is missing.
 */
export async function checkChanges(tables: TablesBeside, { sets, computers }: Sent): Promise<string[]> {
  const bySet = Map.groupBy(await readChanges(tables), row => row.place)
  const judged = await tables.query<Pick<ChangeRow, 'place' | 'status' | 'rules'>>(
    `select ${place}, x.status, x.rules from judgements as x ${setOf}`,
  )
  const standing = new Map(judged.map(row => [row.place, toText(row.status, row.rules)]))
  return sets.flatMap(set => {
    const name = placeOf(set, computers)
    const rows = bySet.get(name) ?? []
    const { conditions } = replay(set.reports, Date.now())
    const found = rows.map(({ status, rules }) => toText(status, rules))
    const problems: string[] = []
    if (found.some((condition, index) => condition === found[index - 1])) problems.push('has a change recorded twice')
    if (rows.some((row, index) => row.previous_status !== (rows[index - 1]?.status ?? null)))
      problems.push('has a change that does not follow from the one before it')
    if (found.at(-1) !== conditions.at(-1)) problems.push('does not end with what its runs amount to')
    if (standing.get(name) !== conditions.at(-1)) problems.push('is judged otherwise than its runs amount to')
    if (!isPartOf(found, conditions)) problems.push('has changes that its reports do not explain')
    if (set.isPaced && found.length !== conditions.length) problems.push('lacks changes')
    return problems.map(
      problem => `The set ${name} ${problem}: ${found.join(', ')} recorded of ${conditions.join(', ')}.`,
    )
  })
}

/** What is still to be done: reports that nobody has judged, sets that are due, messages that wait. */
export async function countLeft({ query }: TablesBeside): Promise<{ reports: number; due: number; messages: number }> {
  const [row] = await query<{ reports: number; due: number; messages: number }>(`select
    (select count(*) from data_versions where version > judged_version and account_id > 0) as reports,
    (select count(*) from judgements where next_at <= ${Date.now()}) as due,
    (select count(*) from outbox) as messages`)
  return row ?? { reports: 0, due: 0, messages: 0 }
}

/** How long a process has the messages that it claims: see `src/app/deliver.ts`. */
const claimMs = seconds(180)

/**
 * Lets the time pass in which those who were killed have their messages: what was claimed before `killedAt` and has still
 * not gone becomes due. Answers whether there was any.
 */
export async function endClaimsOfKilled({ query }: TablesBeside, killedAt: number): Promise<boolean> {
  const rows = await query(`update outbox set next_at = 0
    where attempts > 0 and failure is null and next_at > ${Date.now()} and next_at < ${killedAt + claimMs} returning id`)
  return rows.length > 0
}
