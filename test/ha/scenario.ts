import { parseArgs } from 'node:util'
import { buildCluster } from './cluster.ts'
import { addReporters } from './fleet.ts'
import { judge } from './judge.ts'
import { isReady, servers, startLastgood } from './lastgood.ts'
import { longestSilence, startLoad } from './load.ts'
import { readMembers } from './patroni.ts'
import { isGood, type Result, type StepResult, toResultText } from './result.ts'
import { type Stage, steps } from './steps.ts'
import { until } from './until.ts'

/*
 * The scenario itself, run by main.ts in the network namespace of the reporters. Progress goes to standard error, the
 * result to standard output. Exit status: 0 when nothing acknowledged was lost or doubled, 1 when something was.
 */

const { values } = parseArgs({
  options: { folder: { type: 'string' }, ttl: { type: 'string' }, json: { type: 'boolean', default: false } },
})
const { folder = '', ttl = '10', json } = values
const beganAt = performance.now()
// Fifty reports a second and more, of as many computers as there are reporters.
const reporterCount = 8

try {
  const result = await run()
  process.stdout.write(json ? `${JSON.stringify(result, undefined, 2)}\n` : toResultText(result))
  process.exit(isGood(result) ? 0 : 1)
} catch (error) {
  process.stderr.write(`The scenario ended early. ${(error as Error).stack}\n`)
  process.exit(1)
}

async function run(): Promise<Result> {
  say('building three nodes with etcd, Patroni and PostgreSQL')
  const cluster = await buildCluster(folder, Number(ttl))
  const lastgood = {
    a: startLastgood('a', folder, cluster.databaseUrl),
    b: startLastgood('b', folder, cluster.databaseUrl),
  }
  for (const server of servers) await until(`a Lastgood that is ready on ${server}`, 30, () => isReady(server))
  const reporters = await addReporters(cluster.databaseUrl, reporterCount)
  const load = startLoad(reporters)
  const stage = { folder, cluster, load, lastgood, say }
  const { pid } = lastgood.b
  const done: StepResult[] = []
  for (const name of Object.keys(steps)) done.push(await doStep(name, stage))
  say('the reporters come to an end')
  await load.drain()
  const outcome = await judge(cluster, load, reporters)
  const timeline = Math.max(...(await readMembers()).map(({ timeline = 0 }) => timeline))
  const restarts = Number(lastgood.b.pid !== pid || lastgood.b.hasEnded()) + Number(lastgood.a.hasEnded())
  const seconds = (performance.now() - beganAt) / 1_000
  return { ttl: Number(ttl), seconds, steps: done, answers: load.answers, timeline, restarts, ...outcome }
}

async function doStep(name: string, stage: Stage): Promise<StepResult> {
  say(`step: ${name}`)
  const { acknowledged, answers } = stage.load
  const from = performance.now()
  const [before, answersBefore] = [acknowledged.length, { ...answers }]
  const figures = (await steps[name]?.(stage)) ?? {}
  const until = performance.now()
  const refused = Object.entries(answers).map(
    ([answer, count]) => [answer, count - (answersBefore[answer] ?? 0)] as const,
  )
  return {
    name,
    acknowledged: acknowledged.length - before,
    seconds: (until - from) / 1_000,
    longestSilence: longestSilence(acknowledged, from, until),
    figures,
    answers: Object.fromEntries(refused.filter(([, count]) => count > 0)),
  }
}

function say(text: string): void {
  process.stderr.write(`${((performance.now() - beganAt) / 1_000).toFixed(1).padStart(6)} s  ${text}\n`)
}
