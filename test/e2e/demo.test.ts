import { existsSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { conditionTypeNames } from '../../src/wire/constants.ts'
import { lastgoodProgram, startProcess } from '../support/lastgood-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('the demo shows a fleet with every condition, a real backup of the checkout, and a token that works', async () => {
  using folder = temporaryFolder()
  // Without restic on the PATH tar makes the backup, on every machine alike.
  for (const name of ['tar', 'gzip', 'sh', 'env', 'readlink', 'mkfifo']) linkProgram(name, folder.path)
  const demo = startProcess([lastgoodProgram, 'demo', '--port', '0'], { env: { ...process.env, PATH: folder.path } })
  const said: Buffer[] = []
  demo.child.stdout?.on('data', (chunk: Buffer) => said.push(chunk))
  await demo.says('Ctrl-C stops the demo.')
  const text = Buffer.concat(said).toString()

  for (const type of conditionTypeNames) expect(text).toContain(type)
  expect(text).toContain('tar ended with exit status 0.')
  expect(text).toContain('"backupset_name": "Checkout"')
  expect(text).toMatch(/\n {2}http:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{43}\n/)
  const [, token = '', url = ''] = /curl -H 'Authorization: OAuth (\S+)' (\S+)\n/.exec(text) ?? []
  const answer = await fetch(url, { headers: { authorization: `OAuth ${token}` } })
  expect(await answer.json()).toMatchObject({ count: 1, list: [{ condition_status: 'COMPLETED' }] })

  demo.child.kill('SIGINT')
  const { status, stderr } = await demo.ended
  expect([status, stderr]).toEqual([0, ''])
})

function linkProgram(name: string, folder: string): void {
  const found = ['/usr/bin', '/bin', '/usr/local/bin']
    .map(place => path.join(place, name))
    .find(file => existsSync(file))
  if (found !== undefined) symlinkSync(found, path.join(folder, name))
}
