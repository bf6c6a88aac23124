import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLongFile, changesIn } from './support/underway.ts'

describeTool('tar', () => {
  test('a backup is completed, however often; -v counts its files', async () => {
    const { run, ping } = await aComputer('tar')
    const completed = { status: 'COMPLETED', types: ['COMPLETED'], errors: 0, warnings: 0, tool: 'tar' }
    const bytes = expect.any(Number)
    const counts = { totalFiles: null, processedFiles: null, newFiles: null, bytes }
    expect(await run()).toEqual({ ...completed, ...counts, exit: 0 })
    expect(await ping()).toEqual({ ...completed, ...counts, exit: 0 })
    expect(await run({ renames: { '-czf': '-czvf' } })).toMatchObject({ ...completed, processedFiles: 2, bytes })
  })

  test('a file that cannot be read, no source and no room for the archive are failures', async () => {
    const { home, run, ping } = await aComputer('tar')
    chmodSync(path.join(home, 'letter.txt'), 0)
    for (const renames of [{}, { '/home': '/nonexistent/home' }, { '/srv/backup': '/proc/nonexistent' }]) {
      expect(await run({ renames })).toMatchObject({ exit: 2, status: 'FAILURE', types: ['ERRORS'], tool: 'tar' })
      expect(await ping({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool: 'tar' })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await aComputer('tar')
    addLongFile(home)
    expect(await stop(signal, () => changesIn(backup))).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
