import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { listen, aServer } from '../support/a-server.ts'
import { aComputer, aReport, aToken } from '../support/builders.ts'
import { startProcess } from '../support/lastgood-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = path.resolve(import.meta.dirname, '../..')
const manifest = readFileSync(path.join(root, 'package.json'), 'utf8')
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')

/** A folder of somebody who has installed the package, as far as the client needs it. */
function aConsumer() {
  const folder = temporaryFolder()
  const installed = path.join(folder.path, 'node_modules', 'lastgood')
  mkdirSync(installed, { recursive: true })
  copyFileSync(path.join(root, 'package.json'), path.join(installed, 'package.json'))
  const build = ['-p', 'tsconfig.client.json', '--outDir', path.join(installed, 'dist', 'client')]
  expect(runNode([tsc, ...build], root)).toEqual([0, ''])
  return folder
}

function runNode(args: readonly string[], cwd: string): [number | null, string] {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' })
  return [status, stdout + stderr]
}

const program = `
import { ApiError, createClient } from 'lastgood/client'

const [url = '', token = ''] = process.argv.slice(2)
for (const format of ['json', 'xml']) {
  const client = createClient({ url, credentials: { token }, format })
  const rows = await Array.fromAsync(client.getBackupStatus.all({ username: 'acme', computer_id: '0000' }))
  console.log(JSON.stringify(rows.map(row => [row.backupset_name, row.condition_types, row.errors])))
  await client.getRun({ username: 'acme', computer_id: '0000', action_id: 9 }).catch(error => {
    console.log(error instanceof ApiError, error.status, error.error)
  })
}
`

const typedProgram = `
import { ApiError, type BackupStatus, type Client, createClient } from 'lastgood/client'

const client: Client = createClient({ url: 'https://backup.example.net', credentials: { agentKey: 'lgk_' } })
const place = { username: 'acme', computer_id: '0000' }

const rows: BackupStatus[] = []
for await (const row of client.getBackupStatus.all({ ...place, condition_status: ['FAILURE'] })) rows.push(row)
const errors: number = (await client.getRun({ ...place, action_id: 1 })).errors
const log: string = await client.getRunLog({ ...place, action_id: 1 })
const nothing: undefined = await client.noteOwnHeartbeat()
const made = await client.recordOwnRun.answer({ body: { backupset_name: 'Documents', status: 'SUCCESS' } })
const where: string | undefined = made.location
if ('action_id' in made.value) made.value.condition_types.includes('ERRORS')
const answer = await client.getRun.answer({ ...place, action_id: 1 }, { ifNoneMatch: '"1"' })
if (answer.value) answer.value.action_id.toFixed()

// @ts-expect-error A value that may be missing.
answer.value.action_id
// @ts-expect-error A member that is misspelt.
await client.recordOwnRun({ body: { backupset_name: 'Documents', erors: 1 } })
// @ts-expect-error A constant that there is not.
await client.getBackupStatus({ ...place, condition_status: ['FAILED'] })
// @ts-expect-error A name in the path is missing.
await client.getRun(place)
// @ts-expect-error Neither a body nor the output of a tool.
await client.recordOwnRun({})
// @ts-expect-error No list.
client.getRun.all
// @ts-expect-error An entity tag is of an answer that may be unchanged.
await client.getRun({ ...place, action_id: 1 }, { ifNoneMatch: '"1"' })
// @ts-expect-error Nobody calls without credentials.
createClient({ url: 'https://backup.example.net' })

export const used = [rows, errors, log, nothing, where, (error: unknown) => error instanceof ApiError && error.status]
`

test('the built client runs in plain Node and is typed, without the checkout', async () => {
  using folder = aConsumer()
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  const { url } = await listen(server)
  const report = aReport({ errors: 2 })
  await server.post('/v1/accounts/acme/computers/0000/runs', report, {
    token: await aToken(server, { place: computer }),
  })

  writeFileSync(path.join(folder.path, 'program.mjs'), program)
  const bare = ['--no-strip-types', path.join(folder.path, 'program.mjs'), url, token]
  const started = startProcess([process.execPath, ...bare], { cwd: folder.path, env: { PATH: process.env['PATH'] } })
  const ended = await started.ended
  const said = '[["Documents",["ERRORS"],2]]\ntrue 404 not_found\n'
  expect([ended.status, ended.stderr, ended.stdout.toString()]).toEqual([0, '', said.repeat(2)])

  const compilerOptions = {
    target: 'ES2024',
    lib: ['ES2024', 'DOM'],
    module: 'NodeNext',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
  }
  writeFileSync(path.join(folder.path, 'typed.mts'), typedProgram)
  writeFileSync(path.join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['typed.mts'] }))
  expect(runNode([tsc, '-p', '.'], folder.path)).toEqual([0, ''])
})

test('what is packed has the built client', () => {
  const { files, exports, scripts } = JSON.parse(manifest) as Record<string, Record<string, unknown>>
  expect(Object.values(files ?? {})).toContain('dist')
  expect(exports?.['./client']).toEqual({ types: './dist/client/client.d.ts', default: './dist/client/client.js' })
  expect(scripts).toMatchObject({ prepack: 'npm run build:client' })
})
