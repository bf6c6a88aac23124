import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLongFile } from './support/underway.ts'

const aDuplicity = () => aComputer('duplicity', () => ({ env: { PASSPHRASE: 'correct horse' } }))
const tool = expect.stringMatching(/^duplicity/)

describeTool('duplicity', () => {
  test('a backup is completed; one that finds nothing new says so', async () => {
    const { run, ping } = await aDuplicity()
    const completed = { exit: 0, status: 'COMPLETED', errors: 0, warnings: 0, tool }
    // The source, and the folder in it, count as well.
    const counts = { totalFiles: 4, processedFiles: 4, bytes: expect.any(Number) }
    expect(await run()).toEqual({ ...completed, ...counts, types: ['COMPLETED'], newFiles: 4 })
    expect(await ping()).toEqual({ ...completed, ...counts, types: ['NO_FILE_DATA_BACKED_UP'], newFiles: 0 })
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run, ping } = await aDuplicity()
    chmodSync(path.join(home, 'letter.txt'), 0)
    expect(await run()).toMatchObject({ exit: 0, status: 'WARNING', warnings: 1, tool })
    expect(await ping()).toMatchObject({ status: 'WARNING', warnings: 1, tool })
  })

  test('a wrong passphrase, no source and no place for it are failures', async () => {
    const { folder, prepare, run, ping } = await aDuplicity()
    await prepare('duplicity --name docs /home file:///srv/backup/docs && rm -r .cache')
    for (const change of [
      { env: { PASSPHRASE: 'wrong' } },
      { renames: { '/home': '/nonexistent/home' } },
      { renames: { 'file:///srv/backup': 'file:///proc/nonexistent' } },
    ]) {
      expect(await run(change), folder).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
      expect(await ping(change), folder).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, stop } = await aDuplicity()
    addLongFile(home)
    const stopped = await stop(signal, run => run.says('Last full backup date: none'))
    expect(stopped).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
