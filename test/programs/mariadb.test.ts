import { once } from 'node:events'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess } from '../support/lastgood-process.ts'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { startMariadb } from './support/servers.ts'

const server = '/usr/sbin/mariadbd'
const completed = { exit: 0, status: 'COMPLETED', types: ['COMPLETED'], errors: 0, warnings: 0 }
const failed = { status: 'FAILURE', types: ['ERRORS'] }

async function aShop(tool: string) {
  // The files of the server are another user's.
  const computer = await aComputer(tool, () => ({ isAlmighty: true }))
  await startMariadb(computer.folder)
  return computer
}

/** Keeps everybody else from the table customers until the test has finished. */
async function lockCustomers(folder: string): Promise<void> {
  const client = startProcess(['mariadb', '--unbuffered', 'shop'], { env: { PATH: process.env['PATH'], HOME: folder } })
  onTestFinished(async () => {
    client.child.stdin?.end()
    await client.ended
  })
  client.child.stdin?.write("lock tables customers write; select 'locked';\n")
  await client.says('locked')
}

describeTool(
  'mysqldump',
  () => {
    test('a backup is completed, and tells its tables', async () => {
      const { run, ping } = await aShop('mysqldump')
      expect(await run()).toMatchObject({ ...completed, processedFiles: 2, tool: expect.stringMatching(/^mysqldump/) })
      expect(await ping()).toMatchObject({ ...completed, processedFiles: 2 })
    })

    test('no such database, no server and no place for the dump are failures', async () => {
      const { run, ping } = await aShop('mysqldump')
      for (const renames of [
        { 'shop >': 'nothing >' },
        { '--single-transaction': '--single-transaction --socket=/nonexistent' },
        { '/srv/backup': '/proc/nonexistent' },
      ]) {
        expect(await run({ renames })).toMatchObject(failed)
        expect(await ping({ renames })).toMatchObject(failed)
      }
    })

    test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
      const { folder, stop } = await aShop('mysqldump')
      await lockCustomers(folder)
      const stopped = await stop(signal, run => once(run.child.stderr ?? run.child, 'data'))
      expect(stopped).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
    })
  },
  ['mariadb-dump', server],
)

describeTool(
  'mariabackup',
  () => {
    test('a backup is completed', async () => {
      const { run, ping } = await aShop('mariabackup')
      expect(await run()).toMatchObject({ ...completed, tool: expect.stringMatching(/^mariabackup/) })
      expect(await ping({ renames: { '/srv/backup/shop': 'again' } })).toMatchObject(completed)
    })

    test('a backup that is there already, no server and no place for it are failures', async () => {
      const { prepare, run, ping } = await aShop('mariabackup')
      await prepare('mariadb-backup --backup --target-dir=/srv/backup/shop')
      for (const renames of [
        {},
        { '--backup': '--backup --socket=/nonexistent' },
        { '/srv/backup': '/proc/nonexistent' },
      ]) {
        expect(await run({ renames })).toMatchObject(failed)
        expect(await ping({ renames })).toMatchObject(failed)
      }
    })

    // It does not listen to SIGTERM while it waits.
    test('SIGINT cancels it', async () => {
      const { folder, stop } = await aShop('mariabackup')
      await lockCustomers(folder)
      const stopped = await stop('SIGINT', run => once(run.child.stderr ?? run.child, 'data'))
      expect(stopped).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
    })
  },
  ['mariadb-backup', server],
)

describeTool(
  'mydumper',
  () => {
    test('a backup is completed, and tells its tables', async () => {
      const { run, ping } = await aShop('mydumper')
      expect(await run()).toMatchObject({ ...completed, processedFiles: 2, tool: expect.stringMatching(/^mydumper/) })
      expect(await ping({ renames: { '/srv/backup/shop': 'again' } })).toMatchObject({
        ...completed,
        processedFiles: 2,
      })
    })

    test('no such database, no server and no place for it are failures', async () => {
      const { folder, run, ping } = await aShop('mydumper')
      for (const renames of [
        { '--database shop': '--database nothing' },
        { '--database shop': `--database shop --socket ${path.join(folder, 'none')}` },
        { '/srv/backup': '/proc/nonexistent' },
      ]) {
        expect(await run({ renames })).not.toMatchObject({ status: 'COMPLETED' })
        expect(await ping({ renames })).not.toMatchObject({ status: 'COMPLETED' })
      }
    })
  },
  ['mydumper', server],
)
