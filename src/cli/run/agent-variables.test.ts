import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { readReportingSettings } from './agent-settings.ts'
import { readAgentFiles, usualFiles } from './agent-variables.ts'

const key = `lgk_${'a'.repeat(43)}`
const newKey = `lgk_${'b'.repeat(43)}`

function writeConfig(folder: string, text: string, mode = 0o600): string {
  const path = join(folder, 'agent.conf')
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

describe('a settings file', () => {
  test('has lines of KEY=VALUE, as node --env-file reads them', async () => {
    using folder = temporaryFolder()
    const text = `# our server\nLASTGOOD_URL="https://backup.example.net"\nexport LASTGOOD_KEY=${key} # the key\nPATH=/bin\n`
    const env = { LASTGOOD_CONFIG: writeConfig(folder.path, text) }
    const { agent, warnings } = await readReportingSettings({ env })
    expect([agent.url.href, agent.key, warnings]).toEqual(['https://backup.example.net/', key, []])
  })

  test('goes behind the environment and that behind the command line', async () => {
    using folder = temporaryFolder()
    const config = writeConfig(folder.path, `LASTGOOD_URL=http://file\nLASTGOOD_KEY=${key}\nLASTGOOD_SPOOL_DAYS=3\n`)
    const env = { LASTGOOD_CONFIG: config, LASTGOOD_URL: 'http://environment', LASTGOOD_SPOOL_DAYS: '' }
    const settings = await readReportingSettings({ env })
    expect(settings.agent.url.host).toBe('environment')
    expect(settings.spool.limits).toEqual({ mostBytes: 64 * 1024 * 1024, longestMs: 3 * 86_400_000 })
    expect((await readReportingSettings({ url: 'http://line', env })).agent.url.host).toBe('line')
  })

  test('the user has goes before that of the system', async () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'lastgood'))
    writeConfig(join(folder.path, 'lastgood'), 'LASTGOOD_URL=http://user\n')
    const { layers } = await readAgentFiles({ XDG_CONFIG_HOME: folder.path })
    expect(layers[0]).toEqual({ LASTGOOD_URL: 'http://user' })
  })

  test('with a key does not outlive a newer key file in the environment', async () => {
    using folder = temporaryFolder()
    const config = writeConfig(folder.path, `LASTGOOD_URL=http://file\nLASTGOOD_KEY=${key}\n`)
    const keyFile = join(folder.path, 'key')
    writeFileSync(keyFile, `${newKey}\n`)
    const env = { LASTGOOD_CONFIG: config, LASTGOOD_KEY_FILE: keyFile }
    expect((await readReportingSettings({ env })).agent.key).toBe(newKey)
  })

  test('with a name that is none is told, with those that there are', async () => {
    using folder = temporaryFolder()
    const path = writeConfig(folder.path, 'LASTGOOD_ULR=http://x\nOTHER=1\n')
    expect((await readAgentFiles({ LASTGOOD_CONFIG: path })).warnings).toEqual([
      `${path}: LASTGOOD_ULR is no setting of a computer that reports; there are LASTGOOD_URL, LASTGOOD_KEY, LASTGOOD_KEY_FILE, LASTGOOD_SPOOL, LASTGOOD_SPOOL_MEGABYTES, LASTGOOD_SPOOL_DAYS.`,
    ])
  })

  test.runIf(process.platform !== 'win32')('with a key that everybody can read is told', async () => {
    using folder = temporaryFolder()
    const path = writeConfig(folder.path, `LASTGOOD_KEY=${key}\n`, 0o644)
    const { warnings } = await readAgentFiles({ LASTGOOD_CONFIG: path })
    expect(warnings).toEqual([`${path} holds the agent key and everybody can read it: chmod 600 ${path}.`])
    writeConfig(folder.path, 'LASTGOOD_URL=http://x\n', 0o644)
    expect((await readAgentFiles({ LASTGOOD_CONFIG: path })).warnings).toEqual([])
  })

  test('that is named and not there is told, and the environment still counts', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'none')
    const env = { LASTGOOD_CONFIG: path, LASTGOOD_URL: 'http://x', LASTGOOD_KEY: key }
    expect((await readReportingSettings({ env })).warnings).toEqual([
      `${path}, named by LASTGOOD_CONFIG, cannot be read (ENOENT).`,
    ])
  })
})

test.each(['0', '-1', '1.5', 'many', '100000'])('a limit of %j is told, and the usual one holds', async text => {
  const env = { LASTGOOD_CONFIG: '/dev/null', LASTGOOD_URL: 'http://x', LASTGOOD_KEY: key, LASTGOOD_SPOOL_DAYS: text }
  const { spool, warnings } = await readReportingSettings({ env })
  expect(spool.limits.longestMs).toBe(30 * 86_400_000)
  expect(warnings).toEqual(['LASTGOOD_SPOOL_DAYS must be a whole number from 1 to 99999: 30 is used.'])
})

test.each([
  ['of a user', { env: {}, platform: 'linux', home: '/home/ada' }, '/home/ada/.config/lastgood/agent.conf'],
  ['of a user elsewhere', { env: { XDG_CONFIG_HOME: '/c' }, platform: 'linux', home: '/h' }, '/c/lastgood/agent.conf'],
  [
    'of Windows',
    { env: { APPDATA: 'D:\\Roaming' }, platform: 'win32', home: 'C:\\Ada' },
    'D:\\Roaming\\lastgood\\agent.conf',
  ],
] as const)('the usual file %s', (_, place, path) => {
  expect(usualFiles(place)[0]).toBe(path)
})
