import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLongFile, changesIn } from './support/underway.ts'

async function aBorg() {
  const computer = await aComputer('borg', () => ({ env: { BORG_PASSPHRASE: 'correct horse' } }))
  await computer.prepare('borg init --encryption repokey /srv/backup/borg')
  return computer
}

const tool = expect.stringMatching(/^borg/)

describeTool('borg', () => {
  test('a backup is completed, however often', async () => {
    const { run, ping } = await aBorg()
    const completed = { exit: 0, status: 'COMPLETED', types: ['COMPLETED'], errors: 0, warnings: 0, tool }
    const counts = { totalFiles: 2, processedFiles: 2, newFiles: null, bytes: expect.any(Number) }
    expect(await run()).toEqual({ ...completed, ...counts })
    expect(await ping({ renames: { '{now}': 'again' } })).toEqual({ ...completed, ...counts })
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run, ping } = await aBorg()
    chmodSync(path.join(home, 'letter.txt'), 0)
    const partial = { status: 'WARNING', types: ['WARNINGS'], warnings: 1, totalFiles: 2, processedFiles: 1, tool }
    expect(await run()).toMatchObject(partial)
    expect(await ping({ renames: { '{now}': 'again' } })).toMatchObject(partial)
  })

  test('no source is a warning of an archive without a file', async () => {
    const { run } = await aBorg()
    const types = ['WARNINGS', 'NO_FILE_DATA_BACKED_UP']
    expect(await run({ renames: { '/home': '/nonexistent/home' } })).toMatchObject({ status: 'WARNING', types, tool })
  })

  test('a wrong passphrase and no repository are failures', async () => {
    const { run, ping } = await aBorg()
    for (const change of [
      { env: { BORG_PASSPHRASE: 'wrong' } },
      { renames: { '/srv/backup': '/nonexistent/backup' } },
    ]) {
      expect(await run(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
      expect(await ping(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await aBorg()
    addLongFile(home)
    expect(await stop(signal, () => changesIn(backup))).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
