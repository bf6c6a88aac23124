import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLongFile, changesIn } from './support/underway.ts'

async function aBup() {
  const computer = await aComputer('bup', folder => ({ env: { BUP_DIR: path.join(folder, 'backup') } }))
  await computer.prepare('bup init')
  return computer
}

const unknown = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }

describeTool('bup', () => {
  test('a backup is completed, however often', async () => {
    const { run, ping } = await aBup()
    const completed = { exit: 0, status: 'COMPLETED', types: ['COMPLETED'], errors: 0, warnings: 0, tool: 'bup' }
    expect(await run()).toEqual({ ...completed, ...unknown })
    // It prints nothing, so that there is nothing to read.
    expect(await ping()).toEqual({ ...completed, ...unknown, tool: null })
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run, ping } = await aBup()
    chmodSync(path.join(home, 'letter.txt'), 0)
    expect(await run()).toMatchObject({ status: 'WARNING', types: ['WARNINGS'], tool: 'bup' })
    expect(await ping()).toMatchObject({ status: 'WARNING', types: ['WARNINGS'], tool: 'bup' })
  })

  test('no source and no repository are failures', async () => {
    const { run, ping } = await aBup()
    for (const change of [{ renames: { '/home': '/nonexistent/home' } }, { env: { BUP_DIR: '/nonexistent' } }]) {
      expect(await run(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
      expect(await ping(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
    }
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await aBup()
    addLongFile(home)
    expect(await stop(signal, () => changesIn(backup))).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
