import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hashSecret, mintAgentKey, mintHexSecret } from '../../src/app/secrets.ts'
import { openStore } from '../../src/storage/store.ts'
import { startServer } from '../support/server-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/*
 * Restic itself, a server process and an HTTP client: nothing between them is ours but what is shipped.
 * Skipped where restic is not on the PATH.
 */
const hasRestic = spawnSync('restic', ['version']).status === 0
const title = hasRestic ? 'restic' : 'restic (skipped: it is not on the PATH; install it to run these tests)'

// Root reads every file: restic then runs as the user that owns nothing but what we give it.
const isRoot = process.getuid?.() === 0
const nobody = 65_534

type Ended = { output: string; stdout: string; stderr: string; status: number | null }

/** A folder to back up, a repository, and a server with a computer that may report to it. */
async function aBackedUpComputer() {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const source = join(folder.path, 'source')
  mkdirSync(source)
  writeFileSync(join(source, 'letter.txt'), 'Dear reader')
  writeFileSync(join(source, 'photo.raw'), randomBytes(300_000))
  const environment = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    RESTIC_REPOSITORY: join(folder.path, 'repository'),
    RESTIC_PASSWORD: 'correct horse',
    RESTIC_PROGRESS_FPS: '20',
  }
  const restic = (args: string[], change: NodeJS.ProcessEnv = {}) => {
    if (isRoot) giveToNobody(folder.path)
    return startRestic(args, { ...environment, ...change })
  }
  expect((await restic(['init']).ended).status).toBe(0)
  return { source, restic, backUp: (change?: NodeJS.ProcessEnv) => restic(['backup', '--json', source], change) }
}

function startRestic(args: string[], env: NodeJS.ProcessEnv): { child: ChildProcess; ended: Promise<Ended> } {
  const command = ['restic', '--no-cache', ...args]
  const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  const [file = '', ...rest] = isRoot ? [...asNobody, ...command] : command
  const child = spawn(file, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, ended: whenEnded(child) }
}

async function whenEnded(child: ChildProcess): Promise<Ended> {
  const said: { from: 'stdout' | 'stderr'; chunk: Buffer }[] = []
  child.stdout?.on('data', (chunk: Buffer) => said.push({ from: 'stdout', chunk }))
  child.stderr?.on('data', (chunk: Buffer) => said.push({ from: 'stderr', chunk }))
  await once(child, 'close')
  const textOf = (of: typeof said) => Buffer.concat(of.map(({ chunk }) => chunk)).toString()
  return {
    output: textOf(said),
    stdout: textOf(said.filter(({ from }) => from === 'stdout')),
    stderr: textOf(said.filter(({ from }) => from === 'stderr')),
    status: child.exitCode,
  }
}

/** Gives away what is not given away yet: a second time would look like a change of the file. */
function giveToNobody(folder: string): void {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(entry => join(folder, entry))
  for (const entry of [folder, ...entries]) {
    if (statSync(entry).uid !== nobody) chownSync(entry, nobody, nobody)
  }
}

/** A server process on a database with one computer, and clients of its API. */
async function aServerProcess() {
  const folder = temporaryFolder()
  onTestFinished(() => folder[Symbol.dispose]())
  const database = join(folder.path, 'lastgood.sqlite')
  const secrets = await prepare(database)
  const server = await startServer(database)
  onTestFinished(() => server[Symbol.asyncDispose]())
  const path = `${server.url}/v1/accounts/acme/computers/0000`
  return {
    send: (query: Record<string, string>, body: string | FormData) => {
      const isText = typeof body === 'string'
      const headers = { authorization: `Bearer ${secrets.key}`, ...(isText && { 'content-type': 'text/plain' }) }
      return fetch(`${server.url}/v1/runs?${new URLSearchParams(query).toString()}`, { method: 'POST', headers, body })
    },
    readReport: async (accept: string) => {
      const headers = { authorization: `OAuth ${await askForToken(server.url, secrets)}`, accept }
      return (await fetch(`${path}/reports/backup_status`, { headers })).text()
    },
  }
}

async function prepare(database: string) {
  const store = await openStore(database)
  const root = await store.addPartner({ parentId: null, username: 'root', name: 'Root' }, 0)
  const account = {
    partnerId: root.id,
    username: 'acme',
    name: 'Acme',
    timeZone: 'Asia/Kathmandu',
    acceptsNewSets: true,
  }
  const { id: accountId } = await store.addAccount(account, 0)
  const computer = await store.addComputer({ accountId, name: 'File server', timeZone: null }, 0)
  const [key, clientId, clientSecret] = [mintAgentKey(), mintHexSecret(), mintHexSecret()]
  await store.setAgentKey(computer.key, hashSecret(key), 0)
  const place = { partnerId: root.id, accountId: null, computerKey: null }
  const client = { clientId, secretHash: hashSecret(clientSecret), name: 'Connector', place }
  await store.addClient({ ...client, scopes: ['computers_read'] }, 0)
  await store.close()
  return { key, clientId, clientSecret }
}

async function askForToken(url: string, client: { clientId: string; clientSecret: string }): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'none',
    client_id: client.clientId,
    client_secret: client.clientSecret,
    scope: 'computers_read',
  })
  const answer = await fetch(`${url}/oauth2/token`, { method: 'POST', body })
  return ((await answer.json()) as { access_token: string }).access_token
}

describe.skipIf(!hasRestic)(title, () => {
  test('a backup that went well is completed, and one that found nothing new says so', async () => {
    const [{ source, backUp }, { send }] = [await aBackedUpComputer(), await aServerProcess()]
    const query = { tool: 'restic', backupset: 'Documents' }
    const first = await backUp().ended
    expect(await (await send({ ...query, exit_status: String(first.status) }, first.output)).json()).toMatchObject({
      status: 'SUCCESS',
      processed_files: 2,
      condition_status: 'COMPLETED',
      condition_types: ['COMPLETED'],
    })
    const second = await backUp().ended
    expect(await (await send({ ...query, exit_status: '0' }, second.output)).json()).toMatchObject({
      condition_status: 'COMPLETED',
      condition_types: ['NO_FILE_DATA_BACKED_UP'],
    })
    writeFileSync(join(source, 'letter.txt'), 'Dear reader, it changed')
    const third = await backUp().ended
    expect(await (await send({ ...query, exit_status: '0' }, third.output)).json()).toMatchObject({
      condition_types: ['COMPLETED'],
    })
  })

  test('a backup that could not read a file is a warning', async () => {
    const [{ source, restic }, { send }] = [await aBackedUpComputer(), await aServerProcess()]
    writeFileSync(join(source, 'secret.txt'), 'nobody may read this')
    chmodSync(join(source, 'secret.txt'), 0)
    const { status, stdout, stderr } = await restic(['backup', '--json', source]).ended
    expect(status).toBe(3)
    const form = new FormData()
    form.append('stdout', stdout)
    form.append('stderr', stderr)
    const answer = await send({ tool: 'restic', backupset: 'Documents', exit_status: '3' }, form)
    expect(await answer.json()).toMatchObject({
      status: 'SUCCESS',
      condition_status: 'WARNING',
      condition_types: ['WARNINGS'],
      warnings: 1,
    })
  })

  test('a wrong password is a failure', async () => {
    const [{ backUp }, { send }] = [await aBackedUpComputer(), await aServerProcess()]
    const { output, status } = await backUp({ RESTIC_PASSWORD: 'wrong' }).ended
    expect(status).toBeGreaterThan(0)
    const answer = await send({ backupset: 'Documents', tool: 'restic', exit_status: String(status) }, output)
    expect(await answer.json()).toMatchObject({
      status: 'ERROR',
      condition_status: 'FAILURE',
      condition_types: ['ERRORS'],
    })
  })

  test('a backup that somebody interrupts is cancelled', async () => {
    const [{ source, restic }, { send }] = [await aBackedUpComputer(), await aServerProcess()]
    writeFileSync(join(source, 'film.raw'), randomBytes(16_000_000))
    const { child, ended } = restic(['backup', '--json', '--limit-upload', '100', source])
    // It has begun when it tells how far it is; slowed down like this it is far from its end then.
    if (child.stdout) await once(child.stdout, 'data')
    child.kill('SIGINT')
    const { output, status } = await ended
    const answer = await send({ backupset: 'Documents', tool: 'restic', exit_status: String(status) }, output)
    expect(await answer.json()).toMatchObject({
      status: 'CANCELED',
      condition_status: 'WARNING',
      condition_types: ['CANCELED'],
    })
  })

  test('the report says so in JSON and in XML, with a token of grant_type=none', async () => {
    const [{ backUp }, { send, readReport }] = [await aBackedUpComputer(), await aServerProcess()]
    const good = await backUp().ended
    await send({ backupset: 'Documents', tool: 'restic', exit_status: String(good.status) }, good.output)
    const bad = await backUp({ RESTIC_PASSWORD: 'wrong' }).ended
    await send({ backupset: 'Photos', tool: 'restic', exit_status: String(bad.status) }, bad.output)

    const row = {
      report_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:45$/),
      username: 'acme',
      computer_id: '0000',
      computer_name: 'File server',
      local_start: expect.stringMatching(/\+05:45$/),
      local_end: expect.stringMatching(/\+05:45$/),
    }
    const documents = { ...row, backupset_name: 'Documents', condition_status: 'COMPLETED' }
    const photos = { ...row, backupset_name: 'Photos', condition_status: 'FAILURE' }
    const report: unknown = JSON.parse(await readReport('application/json'))
    expect(report).toMatchObject({
      count: 2,
      list: [
        { ...documents, condition_types: ['COMPLETED'], errors: 0 },
        { ...photos, condition_types: ['ERRORS'], errors: 1 },
      ],
    })
    const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: false, attributeNamePrefix: '' })
    expect(parser.parse(await readReport('application/xml'))).toMatchObject({
      list: {
        count: '2',
        backup_status: [
          { ...documents, condition_type: 'COMPLETED', errors: '0' },
          { ...photos, condition_type: 'ERRORS', errors: '1' },
        ],
      },
    })
  })
})
