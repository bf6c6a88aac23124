import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { addAccount } from '../src/app/accounts.ts'
import { addComputer } from '../src/app/computers.ts'
import { buildDirectory } from '../src/app/directory.ts'
import { addToken } from '../src/app/issue-token.ts'
import { addPartner, ensureRootPartner } from '../src/app/partners.ts'
import { hours } from '../src/domain/instant.ts'
import { scopes } from '../src/domain/principal.ts'
import { buildRedaction } from '../src/domain/redaction.ts'
import { fillPath } from '../src/http/fill-path.ts'
import { describedOperations } from '../src/http/routes/description.ts'
import { buildServer } from '../src/http/server.ts'
import { openStore } from '../src/storage/store.ts'

/*
 * Measures whether the time of a refusal tells that a foreign name is there: asks every operation that reads and names
 * somebody for foreign and for missing names, in turn, once anew and once again. Exit status: 1 when it tells.
 */

const rounds = 300
const shuffles = 2_000
const now = Date.now()
const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-existence-'))
const store = await openStore(path.join(folder, 'lastgood.sqlite'))
try {
  process.exitCode = (await measure()) ? 0 : 1
} finally {
  await store.close()
  rmSync(folder, { recursive: true })
}

/** Whether no operation tells. */
async function measure(): Promise<boolean> {
  const ask = await openWithForeignNames()
  const operations = describedOperations().filter(
    one => one.method === 'GET' && /^\/v1\/(?:accounts|partners)\/:username/.test(one.path),
  )
  let isSilent = true
  for (const { path: asked } of operations) {
    const kind = asked.startsWith('/v1/partners') ? 'partner' : 'account'
    // Whatever changes the tree ends what is remembered.
    await store.revokeToken('')
    for (const round of ['first', 'again']) {
      const foreign: number[] = []
      const missing: number[] = []
      for (let index = 0; index < rounds; index += 1) {
        const pair = [
          async () => foreign.push(await ask(asked, `${kind}${index}`)),
          async () => missing.push(await ask(asked, `missing${index}`)),
        ]
        for (const one of index % 2 === 0 ? pair : pair.toReversed()) await one()
      }
      const difference = median(foreign) - median(missing)
      const chance = chanceOf(foreign, missing)
      const tells = chance === 0 && Math.abs(difference) > 0.05 * median(missing)
      if (tells) isSilent = false
      const figures = `${micro(median(foreign))} foreign, ${micro(median(missing))} missing, p ${chance}`
      process.stdout.write(`${tells ? 'TELLS' : 'ok   '}  ${round.padEnd(5)}  ${figures}  ${asked}\n`)
    }
  }
  return isSilent
}

/** A server with foreign partners, each with an account and a computer; answers how long a refusal takes, in milliseconds. */
async function openWithForeignNames(): Promise<(asked: string, username: string) => Promise<number>> {
  await ensureRootPartner(store, now)
  const own = await addPartner(store, { username: 'own', name: 'Own', above: 'root' }, now)
  for (let index = 0; index < rounds; index += 1) {
    const [partner, username] = [`partner${index}`, `account${index}`]
    await addPartner(store, { username: partner, name: partner, above: 'root' }, now)
    await addAccount(store, { username, timeZone: 'UTC', partner, acceptsNewSets: true }, now)
    await addComputer(store, { username, name: 'File server' }, now)
  }
  const place = { partnerId: own.id, accountId: null, computerKey: null }
  const { token } = await addToken(store, { scopes, place, clientId: null }, hours(9), now)
  const settings = {
    publicUrl: 'https://backup.example.net',
    trustedProxies: [],
    xmlConditionTypes: 'repeat' as const,
    pingHost: null,
    rateLimit: 0,
    addressRateLimit: 0,
  }
  const directory = buildDirectory(store)
  const context = { store, directory, clock: () => now, settings, redact: buildRedaction([]), dashboard: null }
  const app = await buildServer(context, false)
  const others = { computer_id: '0000', name: 'Documents', action_id: '1', email_id: '1', user: 'alice' }
  return async (asked, username) => {
    const url = fillPath(asked, { ...others, username })
    const start = performance.now()
    const { statusCode } = await app.inject({ url, headers: { authorization: `OAuth ${token}` } })
    const took = performance.now() - start
    if (statusCode !== 404) throw new Error(`${url} answered ${statusCode}.`)
    return took
  }
}

/** How often two series that are shuffled together differ as much in their medians: near 0 when they are of two kinds. */
function chanceOf(one: readonly number[], other: readonly number[]): number {
  const observed = Math.abs(median(one) - median(other))
  const all = [...one, ...other]
  let count = 0
  for (let index = 0; index < shuffles; index += 1) {
    shuffle(all)
    if (Math.abs(median(all.slice(0, one.length)) - median(all.slice(one.length))) >= observed) count += 1
  }
  return count / shuffles
}

function shuffle(values: number[]): void {
  for (let last = values.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1))
    ;[values[last], values[other]] = [values[other] ?? 0, values[last] ?? 0]
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

function micro(ms: number): string {
  return `${Math.round(ms * 1_000)} µs`
}
