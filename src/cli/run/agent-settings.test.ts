import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type AgentOptions, readReportingSettings } from './agent-settings.ts'

const key = `lgk_${'Ab0_-'.repeat(9).slice(0, 43)}`
const url = 'https://backup.example.net'
const folder = mkdtempSync(join(tmpdir(), 'lastgood-'))
const keyFile = join(folder, 'key')
writeFileSync(keyFile, `${key}\n`)
const emptyFile = join(folder, 'empty.conf')
writeFileSync(emptyFile, '')
afterAll(() => rmSync(folder, { recursive: true }))

describe('the settings of the agent', () => {
  test.each([
    ['a key', { url, key, env: {} }],
    ['a key file', { url, env: { LASTGOOD_KEY_FILE: keyFile } }],
    ['a key that goes before a key file', { url, key, env: { LASTGOOD_KEY_FILE: '/no/file' } }],
    ['an empty key, which is none, and a key file', { url, key: '', env: { LASTGOOD_KEY_FILE: keyFile } }],
  ])('are an address and %s', async (_, options) => {
    const { agent } = await readReportingSettings(hermetic(options))
    expect({ url: agent.url.href, key: agent.key }).toEqual({ url: `${url}/`, key })
  })

  test('credentials in the address are dropped', async () => {
    const options = hermetic({ url: 'http://user:pass@localhost:8480/x', key, env: {} })
    const { agent } = await readReportingSettings(options)
    expect(agent.url.href).toBe('http://localhost:8480/x')
  })

  test.each([
    ['no address', { key, env: {} }, /^LASTGOOD_URL is not set: set it to the address of the server\.$/],
    ['no scheme', { url: 'backup.example.net:8480', key, env: {} }, /^LASTGOOD_URL must be an address such as https:/],
    ['another scheme', { url: 'ftp://backup.example.net', key, env: {} }, /^LASTGOOD_URL must be an address/],
    ['no key', { url, env: {} }, /^LASTGOOD_KEY is not set: set it to the agent key of this computer\.$/],
    ['a key of another form', { url, key: 'lgk_secret', env: {} }, /^LASTGOOD_KEY holds no agent key: one is/],
    ['a key file that is a folder', { url, env: { LASTGOOD_KEY_FILE: folder } }, /cannot be read \(EISDIR\)\.$/],
    ['neither', { env: {} }, /^LASTGOOD_URL is not set: .* LASTGOOD_KEY is not set: .*\.$/],
  ])('%s is refused, in words that hold no key', async (_, options, message) => {
    const error: unknown = await readReportingSettings(hermetic(options)).catch((error: unknown) => error)
    expect(error).toMatchObject({ kind: 'invalid', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain('secret')
  })
})

/** Without the settings files of the machine that the tests run on. */
function hermetic(options: AgentOptions): AgentOptions {
  return { ...options, env: { LASTGOOD_CONFIG: emptyFile, ...options.env } }
}
