import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { minutes } from '../src/domain/instant.ts'
import { isInstalled } from './programs/support/describe-tool.ts'
import { aServer, listen } from './support/a-server.ts'
import { aClient, aComputer, aReport, recordReport } from './support/builders.ts'
import { startProcess } from './support/lastgood-process.ts'
import { temporaryFolder } from './support/temporary-folder.ts'
import { testNow } from './support/tree.ts'
import { openUnreliableFront } from './support/unreliable-front.ts'

const root = path.resolve(import.meta.dirname, '..')
const page = readFileSync(path.join(root, 'docs/clients.md'), 'utf8')
const client = new URL('../src/client/client.ts', import.meta.url).href

/** How the program of each language is run, by the language of its block. */
const languages = {
  ts: { program: process.execPath, file: 'client.ts' },
  python: { program: 'python3', file: 'client.py' },
  powershell: { program: 'pwsh', file: 'client.ps1' },
  sh: { program: 'sh', file: 'client.sh', needs: 'curl' },
} as const satisfies Record<string, { program: string; file: string; needs?: string }>

/** Runs the program of a language against a server that is busy at the second request; answers what it says. */
async function runExample(language: keyof typeof languages) {
  const code = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? ''
  const { program, file } = languages[language]
  const server = await aServer({ publicUrl: null })
  const computer = await aComputer(server)
  for (let index = 0; index < 3; index += 1) {
    server.now = testNow + minutes(index)
    const now = new Date(server.now).toISOString()
    await recordReport(server, computer, aReport({ local_start: now, local_end: now, errors: index % 2 }))
    await server.store.judge({ now: server.now, catchUpMs: 0 })
  }
  const { clientId, clientSecret } = await aClient(server)
  await using front = await openUnreliableFront((await listen(server)).url, ['none', { status: 429, retryAfter: '0' }])
  using folder = temporaryFolder()
  const script = path.join(folder.path, file)
  writeFileSync(script, code.replace(`'lastgood/client'`, JSON.stringify(client)))
  const credentials = { LASTGOOD_CLIENT_ID: clientId, LASTGOOD_CLIENT_SECRET: clientSecret }
  const env = { PATH: process.env['PATH'], TZ: 'America/New_York', LASTGOOD_URL: front.url, ...credentials }
  const { status, stdout, stderr } = await startProcess([program, script], { env, cwd: folder.path }).ended
  const runs = await Promise.all([1, 2, 3, 4, 5].map(id => server.store.findRun(computer.accountId, computer.key, id)))
  return { status, said: stdout.toString(), stderr, stored: runs.filter(Boolean).length }
}

const said = [
  'Documents: COMPLETED',
  '2026-03-05T10:02:00-05:00 COMPLETED',
  '2026-03-05T10:01:00-05:00 FAILURE',
  '2026-03-05T10:00:00-05:00 COMPLETED',
]

describe.each(Object.entries(languages))('the program in %s', (name, language) => {
  const needed = 'needs' in language ? [language.program, language.needs] : [language.program]
  const missing = needed.filter(program => !isInstalled(program))
  const reason = missing.length === 0 ? '' : ` (skipped: install ${missing.join(', ')} to run this)`

  test.skipIf(missing.length > 0)(`reads, waits when asked to, and records one run${reason}`, async () => {
    // The entries are those of the table, by its own names.
    const ended = await runExample(name as keyof typeof languages)
    expect([ended.status, ended.stored]).toEqual([0, 4])
    if (name === 'sh') {
      expect(ended.said.match(/"local_time":"[^"]*"/g)).toHaveLength(3)
      expect(ended.said).toMatch(/\r\n.*,Documents,.*,COMPLETED,.*"action_id":4,/s)
      return
    }
    const lines = ended.said.trimEnd().split(/\r?\n/)
    const repeated = ['recorded with 201 4', 'known by its run_key 4']
    expect([lines, ended.stderr]).toEqual([[...said, ...(name === 'ts' ? ['recorded with 201'] : repeated)], ''])
  })
})
