import { seconds } from '../../src/domain/instant.ts'
import type { ReceivedReport } from '../support/report-receiver.ts'
import { type ChangeRow, readChanges } from './findings.ts'
import { channelPaths } from './fleet.ts'
import type { TablesBeside } from './tables.ts'

/** A message as it arrived at a channel. */
export type Message = { path: string; id: string; told: string; at: number }

/** Reads a message that arrived now. */
export function toMessage({ path, headers, body }: ReceivedReport): Message {
  const { timestamp, data } = JSON.parse(body.toString()) as { timestamp: string; data: Record<string, string> }
  const place = `${data['username']}/${data['computer_id']}/${data['backupset_name']}`
  const id = String(headers['webhook-id'])
  const told = tell(place, data['condition_status'], data['previous_status'] ?? null, Date.parse(timestamp))
  return { path, id, told, at: Date.now() }
}

function tell(place: string, status: string | null | undefined, previous: string | null, foundAt: number): string {
  return `${place} became ${status} after ${previous}, found at ${Math.floor(foundAt / seconds(1))}`
}

/**
 * Every message that the changes call for has arrived, none that they do not call for, and one that came more than once did so
 * under the same id, and because somebody was killed before it was noted.
 */
export async function checkMessages(
  tables: TablesBeside,
  { messages, kills }: { messages: readonly Message[]; kills: readonly number[] },
): Promise<string[]> {
  const expected = expectMessages(await readChanges(tables))
  const byId = Map.groupBy(messages, ({ path, id }) => `${path} ${id}`)
  const arrived = [...byId.values()].flatMap(([first]) => (first ? [`${first.path}: ${first.told}`] : []))
  const problems = [...toDifferences(countEach(expected), countEach(arrived))]
  for (const [id, [first, ...again]] of byId) {
    if (again.some(({ told }) => told !== first?.told)) problems.push(`Two messages have the id ${id}.`)
    let last = first
    for (const next of again) {
      if (last && !wasKilledBetween(kills, last.at, next.at))
        problems.push(`The message ${id} arrived twice although nobody was killed meanwhile.`)
      last = next
    }
  }
  const repeated = messages.length - byId.size
  const most = kills.length * Object.keys(channelPaths).length
  // A process tells one message of a channel at a time.
  if (repeated > most) problems.push(`${repeated} messages arrived once more, and ${most} may have.`)
  return problems
}

/** The kill may come before the receiver has had the time to look. */
const slackMs = 1_000

function wasKilledBetween(kills: readonly number[], from: number, until: number): boolean {
  return kills.some(at => at >= from - slackMs && at <= until)
}

/** What channels have to be told of changes: see docs/channels.md, "What is told". */
function expectMessages(changes: readonly ChangeRow[]): string[] {
  const before = new Map<string, string | null>()
  return changes.flatMap(({ place, status, found_at }) => {
    if (status === 'RUNNING') return []
    const previous = before.get(place) ?? null
    before.set(place, status)
    if (status === null || status === (previous ?? 'COMPLETED')) return []
    const told = tell(place, status, previous, found_at)
    const isOfFirst = place.startsWith('customer-0/')
    return [`${channelPaths.all}: ${told}`, ...(isOfFirst ? [`${channelPaths.first}: ${told}`] : [])]
  })
}

function countEach(texts: readonly string[]): Map<string, number> {
  return new Map([...Map.groupBy(texts, text => text)].map(([text, all]) => [text, all.length]))
}

function toDifferences(expected: Map<string, number>, arrived: Map<string, number>): string[] {
  return [...new Set([...expected.keys(), ...arrived.keys()])].flatMap(text => {
    const [due, came] = [expected.get(text) ?? 0, arrived.get(text) ?? 0]
    return due === came ? [] : [`${text}: told ${came} times under different ids, and to be told ${due} times.`]
  })
}
