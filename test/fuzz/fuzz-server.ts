import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { XMLValidator } from 'fast-xml-parser'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { renewPingId } from '../../src/app/backup-sets.ts'
import { buildDirectory } from '../../src/app/directory.ts'
import { defaultExpectation } from '../../src/domain/expectation.ts'
import { hashSecret, mintAgentKey, mintHexSecret } from '../../src/app/secrets.ts'
import { minutes } from '../../src/domain/instant.ts'
import { buildRedaction } from '../../src/domain/redaction.ts'
import { scopes } from '../../src/domain/principal.ts'
import { buildServer } from '../../src/http/server.ts'
import { openStore } from '../../src/storage/store.ts'

/** A whole server in memory, on a real database of its own, with one computer in it. */
export type FuzzServer = Awaited<ReturnType<typeof openFuzzServer>>

const start = Date.parse('2026-03-05T15:00:00Z')
const settings = {
  publicUrl: 'https://backup.example.net',
  trustedProxies: [],
  xmlConditionTypes: 'repeat' as const,
  pingHost: null,
  rateLimit: 0,
  addressRateLimit: 0,
}

/** Opens a server. Its clock goes on by a minute with every request, so that each run is newer than the one before. */
export async function openFuzzServer() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-fuzz-'))
  const store = await openStore(path.join(folder, 'lastgood.sqlite'))
  let now = start
  const context = {
    store,
    directory: buildDirectory(store),
    clock: () => now,
    settings,
    redact: buildRedaction([]),
    dashboard: null,
  }
  const app = await buildServer(context, false)
  const root = await store.addPartner({ parentId: null, username: 'root', name: 'Root' }, now)
  const account = {
    partnerId: root.id,
    username: 'acme',
    name: 'Acme',
    timeZone: 'America/New_York',
    acceptsNewSets: true,
  }
  const { id: accountId } = await store.addAccount(account, now)
  const computer = await store.addComputer({ accountId, name: 'File server', timeZone: null }, now)
  const names = { agentKey: mintAgentKey(), pingKey: 'a1B2c3D4e5F6g7H8i9J0k-' }
  await store.setAgentKey(computer.key, hashSecret(names.agentKey), now)
  await store.setPingKey(computer.key, hashSecret(names.pingKey), now)
  const client = { clientId: mintHexSecret(), clientSecret: mintHexSecret() }
  const place = { partnerId: root.id, accountId: null, computerKey: null }
  await store.addClient(
    { clientId: client.clientId, secretHash: hashSecret(client.clientSecret), name: 'c', scopes, place },
    now,
  )
  const set = { accountId, computerKey: computer.key, name: 'Documents', slug: 'documents', plugin: 'file' as const }
  await store.addBackupSet({ ...set, ownTimeZone: null, ...defaultExpectation }, now)
  let sets = 0

  const send = (request: InjectOptions): Promise<LightMyRequestResponse> => {
    now += minutes(1)
    return app.inject(request)
  }
  const authorized = { authorization: `Bearer ${names.agentKey}` }
  return {
    ...names,
    ...client,
    send,
    authorized,
    context,
    computer,
    url: `/v1/accounts/acme/computers/${computer.computerId}`,
    /** Adds a set of which nothing is known, so that all that is said of it was said by one input; `remove` takes it away. */
    async addSet() {
      sets += 1
      const named = { ...set, name: `Set ${sets}`, slug: `set-${sets}`, ownTimeZone: null, ...defaultExpectation }
      const added = await store.addBackupSet(named, now)
      const pingId = await renewPingId(store, added, 0, now)
      return { added, name: named.name, slug: named.slug, pingId, remove: () => store.removeBackupSet(added.id) }
    },
    /** The rows of the computer's report. Throws when it cannot be read any more. */
    async rows(): Promise<Record<string, unknown>[]> {
      const answer = await send({
        method: 'GET',
        url: `/v1/accounts/acme/computers/${computer.computerId}/reports/backup_status`,
        headers: authorized,
      })
      assert.equal(answer.statusCode, 200, `the report cannot be read any more: ${answer.body}`)
      return answer.json<{ list: Record<string, unknown>[] }>().list
    },
    close: async (): Promise<void> => {
      await app.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const served = new Set([200, 201, 204, 303, 400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 429])

/** Throws unless an answer is one that a caller may get for any request: never a fault, and what it says that it is. */
export function assertServed({ statusCode, headers, body }: LightMyRequestResponse, statuses = served): void {
  assert(statuses.has(statusCode), `answered ${statusCode}: ${body.slice(0, 500)}`)
  const type = headers['content-type'] ?? ''
  if (body === '' || headers['content-encoding'] !== undefined) return
  if (type.includes('json')) JSON.parse(body)
  if (type.includes('xml')) assert.equal(XMLValidator.validate(body), true, 'the answer is no XML')
}
