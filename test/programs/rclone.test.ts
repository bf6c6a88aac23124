import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLargeFile, changesIn } from './support/underway.ts'

const anRclone = () =>
  aComputer('rclone', folder => ({
    env: { RCLONE_CONFIG_NAS_TYPE: 'alias', RCLONE_CONFIG_NAS_REMOTE: path.join(folder, 'backup') },
  }))

describeTool('rclone', () => {
  test('a backup is completed; one that finds nothing new says so', async () => {
    const { run, ping } = await anRclone()
    expect(await run()).toEqual({
      exit: 0,
      status: 'COMPLETED',
      types: ['COMPLETED'],
      errors: 0,
      warnings: 0,
      tool: expect.stringMatching(/^rclone/),
      totalFiles: 2,
      processedFiles: 2,
      newFiles: 2,
      bytes: 300_011,
    })
    const unchanged = {
      status: 'COMPLETED',
      types: ['NO_FILE_DATA_BACKED_UP'],
      processedFiles: 2,
      newFiles: 0,
      bytes: 0,
    }
    expect(await ping()).toMatchObject(unchanged)
  })

  test('a file that cannot be read, no source, no remote and no way to it are failures', async () => {
    const { home, run, ping } = await anRclone()
    chmodSync(path.join(home, 'letter.txt'), 0)
    for (const change of [
      {},
      { renames: { '/home': '/nonexistent/home' } },
      { renames: { 'nas:home': 'unknown:home' } },
      { env: { RCLONE_CONFIG_NAS_REMOTE: '/proc/nonexistent' } },
    ]) {
      expect(await run(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
      expect(await ping(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await anRclone()
    addLargeFile(home)
    const slow = { renames: { sync: 'sync --bwlimit 1k' } }
    expect(await stop(signal, () => changesIn(backup), slow)).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
