import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLargeFile } from './support/underway.ts'

async function aRestic() {
  const computer = await aComputer('restic', folder => ({
    env: {
      RESTIC_REPOSITORY: path.join(folder, 'backup'),
      RESTIC_PASSWORD: 'correct horse',
      RESTIC_PROGRESS_FPS: '20',
    },
  }))
  await computer.prepare('restic init')
  return computer
}

describeTool('restic', () => {
  test('a backup is completed; one that finds nothing new says so', async () => {
    const { run, ping } = await aRestic()
    expect(await run()).toEqual({
      exit: 0,
      status: 'COMPLETED',
      types: ['COMPLETED'],
      errors: 0,
      warnings: 0,
      tool: expect.stringMatching(/^restic/),
      totalFiles: 2,
      processedFiles: 2,
      newFiles: 2,
      bytes: expect.any(Number),
    })
    expect(await ping()).toMatchObject({
      status: 'COMPLETED',
      types: ['NO_FILE_DATA_BACKED_UP'],
      processedFiles: 2,
      newFiles: 0,
    })
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run, ping } = await aRestic()
    chmodSync(path.join(home, 'letter.txt'), 0)
    const partial = { status: 'WARNING', warnings: 1, totalFiles: 2, processedFiles: 1 }
    expect(await run()).toMatchObject({ ...partial, exit: 3, types: ['WARNINGS'] })
    expect(await ping()).toMatchObject({ ...partial, types: ['WARNINGS', 'NO_FILE_DATA_BACKED_UP'] })
  })

  test('a wrong password, no repository and no source are failures', async () => {
    const { run, ping } = await aRestic()
    const failed = { status: 'FAILURE', types: ['ERRORS'], tool: expect.stringMatching(/^restic/) }
    for (const change of [
      { env: { RESTIC_PASSWORD: 'wrong' } },
      { env: { RESTIC_REPOSITORY: '/nonexistent/repository' } },
      { renames: { '/home': '/nonexistent/home' } },
    ]) {
      expect(await run(change)).toMatchObject(failed)
      expect(await ping(change)).toMatchObject(failed)
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, stop } = await aRestic()
    addLargeFile(home)
    const slow = { renames: { '--json': '--json --limit-upload 100' } }
    const stopped = await stop(signal, run => run.says('"status"'), slow)
    expect(stopped).toMatchObject({ status: 'WARNING', types: ['CANCELED'], tool: expect.stringMatching(/^restic/) })
  })
})
