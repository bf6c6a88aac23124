import { setTimeout } from 'node:timers/promises'
import { seconds } from '../../src/domain/instant.ts'
import { lastgoodProgram, startProcess } from '../support/lastgood-process.ts'
import { openReportReceiver } from '../support/report-receiver.ts'
import { type Acknowledged, sendAll } from './clients.ts'
import { checkChanges, checkRuns, countLeft, endClaimsOfKilled, placeOf, readChanges } from './findings.ts'
import { addFleet } from './fleet.ts'
import { planKills } from './kills.ts'
import { checkMessages, type Message, toMessage } from './messages.ts'
import { type PlannedReport, planSets } from './plan.ts'
import { buildRandom } from './random.ts'
import { replay, toText } from './replay.ts'
import { startMortalServers } from './servers.ts'
import { openTables, type TablesBeside } from './tables.ts'

/** What is to happen on an empty database. */
export type ChaosPlan = {
  database: string
  processes: number
  runs: number
  /** How often each process is killed. */
  kills: number
  /** Over how long the reports are spread; 0: as fast as it goes. */
  loadSeconds: number
  /** How many runs each set has of which every change is known. */
  pacedRuns: number
  seed: number
  /** Does not wait for three minutes until those who were killed give back what they had claimed. */
  isHurried: boolean
  tell: (line: string) => void
}

/** What has happened, and what was found wrong. */
export type ChaosResult = { figures: Record<string, number>; problems: string[] }

const longestRestMs = seconds(600)
const lookEveryMs = 100
const tellEveryMs = seconds(5)
/** So long after the last kill those who live have told what they claimed before it. */
const quietMs = seconds(2)

/**
 * Has clients report runs to processes that are killed again and again, waits until all is judged and told, and compares what
 * is stored and what was told with what must be.
 */
export async function runChaos(plan: ChaosPlan): Promise<ChaosResult> {
  const random = buildRandom(plan.seed)
  const startedAt = Date.now()
  const sets = planSets({ ...plan, now: startedAt }, random)
  const messages: Message[] = []
  await using receiver = await openReportReceiver((response, report) => {
    messages.push(toMessage(report))
    response.writeHead(204).end()
  })
  const computers = await addFleet(plan.database, {
    computers: 1 + Math.max(...sets.map(({ computer }) => computer)),
    receiverUrl: receiver.url,
  })
  await using tables = openTables(plan.database)
  const servers = await startMortalServers(plan.database, plan.processes)
  const acknowledged = new Map<string, Acknowledged>()
  const counts = {
    reports: sets.reduce((sum, { reports }) => sum + reports.length, 0),
    sent: 0,
    unanswered: 0,
    refused: 0,
  }
  const kills = planKills({ ...plan, reports: counts.reports }, random, servers)
  const tellProgress = () =>
    plan.tell(
      `${acknowledged.size} of ${plan.runs} runs acknowledged, ${servers.kills.length} processes killed, ${counts.unanswered} retries, ${messages.length} messages`,
    )
  const telling = setInterval(tellProgress, tellEveryMs)
  try {
    const pace = buildPace(plan.loadSeconds * 1_000, counts.reports)
    const sequences = new Map(sets.map(set => [set, { sent: [] as PlannedReport[], last: '' }]))
    await sendAll(sets, {
      computers,
      random,
      acknowledged,
      urls: servers.urls,
      beforeReport: () => pace(counts.sent),
      onAcknowledged: async (set, report) => {
        counts.sent += 1
        kills.strike(counts.sent)
        if (!set.isPaced) return
        const sequence = sequences.get(set)
        if (!sequence) return
        sequence.sent.push(report)
        const expected = replay(sequence.sent, Date.now()).conditions.at(-1) ?? ''
        if (expected !== sequence.last) await untilRecorded(tables, placeOf(set, computers), expected)
        sequence.last = expected
      },
      onRetry: why => {
        counts[why] += 1
      },
    })
    const loadMs = Date.now() - startedAt
    await kills.strikeAll()
    tellProgress()
    const restProblems = await untilRest(tables, { servers, messages, isHurried: plan.isHurried, tell: plan.tell })
    const problems = [
      ...restProblems,
      ...(counts.refused > 0 ? [`Servers refused ${counts.refused} reports while the database was there.`] : []),
      ...(await checkRuns(tables, { sets, computers, acknowledged })),
      ...(await checkChanges(tables, { sets, computers, acknowledged })),
      ...(await checkMessages(tables, { messages, kills: servers.kills })),
    ]
    await servers.stop()
    problems.push(...(await checkDatabase(plan.database)))
    return { problems, figures: await toFigures({ loadMs }) }
  } finally {
    clearInterval(telling)
    await servers.stop()
  }

  async function toFigures({ loadMs }: { loadMs: number }): Promise<Record<string, number>> {
    return {
      seed: plan.seed,
      sets: sets.length,
      runs: acknowledged.size,
      reports: counts.reports,
      unanswered: counts.unanswered,
      refused: counts.refused,
      kills: servers.kills.length,
      changes: (await readChanges(tables)).length,
      messages: new Set(messages.map(({ path, id }) => path + id)).size,
      messages_repeated: messages.length - new Set(messages.map(({ path, id }) => path + id)).size,
      load_seconds: Math.round(loadMs / 1_000),
      seconds: Math.round((Date.now() - startedAt) / 1_000),
    }
  }
}

/** Answers what holds up whoever would send the next report too early. */
function buildPace(loadMs: number, reports: number): (sent: number) => Promise<void> {
  const startedAt = Date.now()
  return async sent => {
    const early = startedAt + (loadMs * sent) / reports - Date.now()
    if (early > 0) await setTimeout(early)
  }
}

/** Waits until the last change of a set is the one that is expected; what never comes is found at the end. */
async function untilRecorded({ query }: TablesBeside, place: string, expected: string): Promise<void> {
  const [username, computerId, name] = place.split('/')
  const giveUpAt = Date.now() + seconds(60)
  while (Date.now() < giveUpAt) {
    const [row] = await query<{ status: string | null; rules: string | null }>(`select j.status, j.rules
      from judgements as j join backup_sets as s on s.account_id = j.account_id and s.id = j.set_id
      join computers as c on c.account_id = s.account_id and c.key = s.computer_key
      join accounts as a on a.id = s.account_id
      where a.username = '${username}' and c.computer_id = '${computerId}' and s.name = '${name}'`)
    if (row && toText(row.status, row.rules) === expected) return
    await setTimeout(lookEveryMs)
  }
}

type Rest = {
  servers: { kills: readonly number[] }
  messages: readonly Message[]
  isHurried: boolean
  tell: (line: string) => void
}

/** Waits until all is judged and told. */
async function untilRest(tables: TablesBeside, { servers, messages, isHurried, tell }: Rest): Promise<string[]> {
  const giveUpAt = Date.now() + longestRestMs
  let toldAt = Date.now()
  for (;;) {
    const left = await countLeft(tables)
    if (Object.values(left).every(count => count === 0)) return []
    const text = `${left.reports} accounts and ${left.due} sets are still to be judged, ${left.messages} messages to be told`
    if (Date.now() > giveUpAt) return [`After ${longestRestMs / 1_000} seconds ${text}.`]
    if (Date.now() - toldAt > tellEveryMs) {
      tell(text)
      toldAt = Date.now()
    }
    const killedAt = servers.kills.at(-1) ?? 0
    const quietSince = Math.max(killedAt, messages.at(-1)?.at ?? 0)
    if (isHurried && left.reports + left.due === 0 && Date.now() - quietSince > quietMs)
      await endClaimsOfKilled(tables, killedAt)
    await setTimeout(lookEveryMs)
  }
}

/** What `lastgood db check` finds. */
async function checkDatabase(database: string): Promise<string[]> {
  const env = { ...process.env, LASTGOOD_DATABASE_URL: database, LASTGOOD_URL: '', LASTGOOD_KEY: '' }
  const { status, stdout, stderr } = await startProcess([lastgoodProgram, 'db', 'check'], { env }).ended
  return status === 0 ? [] : [`lastgood db check ends with ${status}: ${stdout.toString()}${stderr}`]
}
