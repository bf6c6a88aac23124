import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLargeFile, changesIn } from './support/underway.ts'

const anRsync = () => aComputer('rsync', folder => ({ renames: { 'nas:/backup/home': path.join(folder, 'backup') } }))
const tool = expect.stringMatching(/^rsync/)

describeTool('rsync', () => {
  test('a backup is completed; one that finds nothing new says so', async () => {
    const { run, ping } = await anRsync()
    expect(await run()).toEqual({
      exit: 0,
      status: 'COMPLETED',
      types: ['COMPLETED'],
      errors: 0,
      warnings: 0,
      tool,
      totalFiles: 2,
      processedFiles: 2,
      newFiles: 2,
      bytes: expect.any(Number),
    })
    const unchanged = { status: 'COMPLETED', types: ['NO_FILE_DATA_BACKED_UP'], processedFiles: 2, newFiles: 0, tool }
    expect(await ping()).toMatchObject(unchanged)
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run, ping } = await anRsync()
    chmodSync(path.join(home, 'letter.txt'), 0)
    const partial = { status: 'WARNING', warnings: 1, totalFiles: 2, processedFiles: 1, tool }
    expect(await run()).toMatchObject({ ...partial, exit: 23, types: ['WARNINGS'] })
    expect(await ping()).toMatchObject({ ...partial, types: ['WARNINGS'] })
  })

  test('no source, no destination and no host are failures', async () => {
    const { run, ping } = await anRsync()
    for (const renames of [
      { '/home': '/nonexistent/home' },
      { 'nas:/backup/home': '/proc/nonexistent' },
      { 'nas:/backup/home': 'rsync://127.0.0.1:1/backup' },
    ]) {
      expect(await run({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
      expect(await ping({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await anRsync()
    addLargeFile(home)
    const slow = { renames: { '--stats': '--stats --bwlimit=1' } }
    expect(await stop(signal, () => changesIn(backup), slow)).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
