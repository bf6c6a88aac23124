import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLongFile, changesIn } from './support/underway.ts'

const anRdiffBackup = () => aComputer('rdiff-backup')
const tool = expect.stringMatching(/^rdiff-backup/)

describeTool('rdiff-backup', () => {
  test('a backup is completed', async () => {
    const { run } = await anRdiffBackup()
    expect(await run()).toEqual({
      exit: 0,
      status: 'COMPLETED',
      types: ['COMPLETED'],
      errors: 0,
      warnings: 0,
      tool,
      totalFiles: 4,
      processedFiles: 4,
      newFiles: 4,
      bytes: expect.any(Number),
    })
  })

  test('a backup that finds nothing new says so', async () => {
    const { prepare, ping } = await anRdiffBackup()
    // Its increments are named by the second, so that two backups in one are refused.
    await prepare('rdiff-backup --current-time 1700000000 backup /home /srv/backup/home')
    const unchanged = { status: 'COMPLETED', types: ['NO_FILE_DATA_BACKED_UP'], processedFiles: 4, newFiles: 0, tool }
    expect(await ping()).toMatchObject(unchanged)
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run } = await anRdiffBackup()
    chmodSync(path.join(home, 'letter.txt'), 0)
    expect(await run()).toMatchObject({ status: 'WARNING', types: ['WARNINGS'], warnings: 1, tool })
  })

  test('no source and no place for it are failures', async () => {
    const { run, ping } = await anRdiffBackup()
    for (const renames of [{ '/home': '/nonexistent/home' }, { '/srv/backup': '/proc/nonexistent' }]) {
      expect(await run({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
      expect(await ping({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await anRdiffBackup()
    addLongFile(home)
    expect(await stop(signal, () => changesIn(backup))).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
