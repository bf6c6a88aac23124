import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { addLargeFile } from './support/underway.ts'

async function anRsnapshot(rsyncOptions = '') {
  const computer = await aComputer('rsnapshot', folder => ({
    renames: { 'rsnapshot daily': `rsnapshot -c ${folder}/rsnapshot.conf daily` },
  }))
  const { folder, home, backup } = computer
  const configuration = [
    'config_version\t1.2',
    `snapshot_root\t${backup}/`,
    'no_create_root\t1',
    'cmd_rsync\t/usr/bin/rsync',
    'interval\tdaily\t7',
    'verbose\t3',
    'loglevel\t3',
    `lockfile\t${folder}/lock`,
    `rsync_long_args\t--delete --numeric-ids --relative --delete-excluded --stats${rsyncOptions}`,
    `backup\t${home}/\t./`,
  ]
  writeFileSync(path.join(folder, 'rsnapshot.conf'), `${configuration.join('\n')}\n`)
  return computer
}

const tool = expect.stringMatching(/^rsnapshot/)

describeTool('rsnapshot', () => {
  test('a backup is completed; one that finds nothing new says so', async () => {
    const { run, ping } = await anRsnapshot()
    const counts = { totalFiles: 2, processedFiles: 2, newFiles: 2, bytes: expect.any(Number) }
    const completed = { exit: 0, status: 'COMPLETED', errors: 0, warnings: 0, tool }
    expect(await run()).toEqual({ ...completed, ...counts, types: ['COMPLETED'] })
    expect(await ping()).toEqual({ ...completed, ...counts, newFiles: 0, types: ['NO_FILE_DATA_BACKED_UP'] })
  })

  test('a file that cannot be read is not green', async () => {
    const { home, run, ping } = await anRsnapshot()
    chmodSync(path.join(home, 'letter.txt'), 0)
    expect(await run()).toMatchObject({ status: 'WARNING', types: ['WARNINGS'], processedFiles: 1, tool })
    expect(await ping()).toMatchObject({ status: 'WARNING', types: ['WARNINGS'], processedFiles: 1, tool })
  })

  test('no configuration, and a place that is not there, are failures', async () => {
    const { folder, run, ping } = await anRsnapshot()
    const none = { renames: { 'rsnapshot daily': `rsnapshot -c ${folder}/none.conf daily` } }
    expect(await run(none)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
    expect(await ping(none)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, stop } = await anRsnapshot(' --bwlimit=1')
    addLargeFile(home)
    const stopped = await stop(signal, run => run.says('rsync -a'))
    expect(stopped).toMatchObject({ status: 'WARNING', types: expect.arrayContaining(['CANCELED']) })
  })
})
