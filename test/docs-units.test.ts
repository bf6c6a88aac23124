import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/temporary-folder.ts'

const root = path.resolve(import.meta.dirname, '..')
const page = readFileSync(path.join(root, 'docs/run.md'), 'utf8')

/** The units that the page shows, by their file names, as they would be on a machine that has this checkout. */
const units = [...page.matchAll(/^```ini\n# \/etc\/systemd\/system\/([\w.-]+)\n([^]*?)^```$/gm)].map(
  ([, name = '', text = '']) => ({ name, text: text.replaceAll('/opt/lastgood/', `${root}/`) }),
)

test('the page shows a unit and a timer of a backup, and of the delivery', () => {
  expect(units.map(({ name }) => name)).toEqual([
    'lastgood-flush.service',
    'lastgood-flush.timer',
    'backup-documents.service',
    'backup-documents.timer',
  ])
})

test.skipIf(!hasSystemd())('systemd finds nothing wrong with them', () => {
  using folder = temporaryFolder()
  const files = units.map(({ name, text }) => {
    const file = path.join(folder.path, name)
    writeFileSync(file, text)
    return file
  })
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})

function hasSystemd(): boolean {
  return process.platform === 'linux' && execFileSync('sh', ['-c', 'command -v systemd-analyze || :']).length > 0
}
