import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { json } from 'node:stream/consumers'
import { expect, inject, onTestFinished, test } from 'vitest'
import { isPostgresUrl } from '../../src/storage/database-url.ts'
import { laneOfPostgres, startPostgres } from '../support/postgres-server.ts'
import { addReportingComputer } from '../support/reporting-computer.ts'
import { startServer } from '../support/server-process.ts'
import { readRows } from '../support/stored.ts'
import { makeSqliteDatabase } from '../support/stores.ts'

/** How often the server is killed on each database; `LASTGOOD_DURABILITY_ROUNDS=500` for a night. */
const rounds = Number(process.env['LASTGOOD_DURABILITY_ROUNDS'] ?? 10)
const reportsInARound = 10_000
const connections = 64

type Answer = { status: number; actionId: number }

/** Sends one report; undefined when the server went away before it had answered. */
function send(url: string, agent: Agent, key: string, runKey: string): Promise<Answer | undefined> {
  const body = JSON.stringify({ run_key: runKey, backupset_name: `Set ${runKey[0]}`, status: 'SUCCESS', bytes: 1 })
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>()
  const sent = request(`${url}/v1/runs`, { method: 'POST', agent, headers }, response => {
    json(response).then(
      row => resolve({ status: response.statusCode ?? 0, actionId: (row as { action_id: number }).action_id }),
      () => resolve(undefined),
    )
  })
  sent.on('error', () => resolve(undefined))
  sent.end(body)
  return promise
}

/**
 * Sends reports, 64 at a time, and kills the server once it has acknowledged `killAfter` of them. Answers the id under
 * which each acknowledged run was stored, by its key.
 */
async function sendUntilKilled(database: string, key: string, runKeys: string[], killAfter: number) {
  const server = await startServer(database)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const acknowledged = new Map<string, number>()
  const waiting = [...runKeys]
  let killed: Promise<void> | undefined

  async function sendInTurn(): Promise<void> {
    while (!killed) {
      const runKey = waiting.pop()
      if (runKey === undefined) return
      const answer = await send(server.url, agent, key, runKey)
      if (!answer) continue
      expect([200, 201]).toContain(answer.status)
      acknowledged.set(runKey, answer.actionId)
      if (acknowledged.size === killAfter) killed = server.kill()
    }
  }

  await Promise.all(Array.from({ length: connections }, sendInTurn))
  await (killed ?? server.kill())
  agent.destroy()
  return acknowledged
}

async function readRuns(database: string) {
  const rows = await readRows(database, 'select id, run_key from runs')
  const [newest] = await readRows(
    database,
    `select count(*) as wrong from set_states where run_id <> (
       select id from runs where runs.set_id = set_states.set_id order by started_at desc, run_key desc limit 1)`,
  )
  return {
    isWhole:
      isPostgresUrl(database) || (await readRows(database, 'pragma integrity_check'))[0]?.['integrity_check'] === 'ok',
    ids: new Map(rows.map(row => [String(row['run_key']), Number(row['id'])])),
    count: rows.length,
    wrongStates: Number(newest?.['wrong']),
  }
}

/** A database that goes with the test, on a server that waits for the disk: what is acknowledged is stored. */
async function makeDurableDatabase(): Promise<string> {
  if (inject('databaseKind') === 'SQLite') {
    const { url, remove } = await makeSqliteDatabase()
    onTestFinished(remove)
    return url
  }
  const server = await startPostgres({ ...laneOfPostgres, isDurable: true })
  onTestFinished(server.stop)
  return server.url
}

test(`no acknowledged run is lost and none is doubled when the server is killed ${rounds} times`, async () => {
  const database = await makeDurableDatabase()
  const key = await addReportingComputer(database)
  const acknowledged = new Map<string, number>()
  let unanswered: string[] = []

  for (let round = 0; round < rounds; round += 1) {
    // What was not answered is sent again, as a client does: it may or may not have been stored.
    const fresh = Array.from({ length: reportsInARound - unanswered.length }, () => randomUUID())
    const runKeys = [...fresh, ...unanswered]
    const killAfter = 1 + ((round * 397) % 3_000)
    const answered = await sendUntilKilled(database, key, runKeys, killAfter)
    expect(answered.size).toBeGreaterThanOrEqual(killAfter)
    for (const [runKey, id] of answered) acknowledged.set(runKey, id)
    unanswered = runKeys.filter(runKey => !answered.has(runKey)).slice(-connections)

    const { isWhole, ids, count, wrongStates } = await readRuns(database)
    const lost = [...acknowledged].filter(([runKey, id]) => ids.get(runKey) !== id)
    expect({ lost, isWhole, doubled: count - ids.size, wrongStates }).toEqual({
      lost: [],
      isWhole: true,
      doubled: 0,
      wrongStates: 0,
    })
  }
}, 600_000)

test('a run that was acknowledged before the server was killed is known to the next one', async () => {
  const database = await makeDurableDatabase()
  const key = await addReportingComputer(database)
  const runKeys = Array.from({ length: 200 }, () => randomUUID())
  const acknowledged = await sendUntilKilled(database, key, runKeys, 150)
  await using server = await startServer(database)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const repeats = await Promise.all([...acknowledged.keys()].map(runKey => send(server.url, agent, key, runKey)))
  agent.destroy()
  expect(repeats).toEqual([...acknowledged.values()].map(actionId => ({ status: 200, actionId })))
})
