import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLongFile, changesIn } from './support/underway.ts'

describeTool('dar', () => {
  test('a backup is completed; one that finds nothing new since another says so', async () => {
    const { backup, run, ping } = await aComputer('dar')
    const completed = { exit: 0, status: 'COMPLETED', errors: 0, warnings: 0, tool: 'dar' }
    const counts = { totalFiles: 3, processedFiles: 3, bytes: null }
    expect(await run()).toEqual({ ...completed, ...counts, types: ['COMPLETED'], newFiles: 3 })
    const since = { renames: { '-Q': `-A ${backup}/home -Q`, '/srv/backup/home': `${backup}/again` } }
    expect(await ping(since)).toEqual({ ...completed, ...counts, types: ['NO_FILE_DATA_BACKED_UP'], newFiles: 0 })
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run } = await aComputer('dar')
    chmodSync(path.join(home, 'letter.txt'), 0)
    expect(await run()).toMatchObject({ exit: 5, status: 'WARNING', types: ['WARNINGS'], warnings: 1 })
  })

  test('no source, no place for it and an archive that is there already are failures', async () => {
    const { prepare, run, ping } = await aComputer('dar')
    await prepare('dar -c /srv/backup/home -R /home -Q')
    for (const renames of [{}, { '-R /home': '-R /nonexistent/home' }, { '/srv/backup': '/proc/nonexistent' }]) {
      expect(await run({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
      expect(await ping({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await aComputer('dar')
    addLongFile(home)
    expect(await stop(signal, () => changesIn(backup))).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
