import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { asPostgres, postgresFolder, startPostgres } from './support/servers.ts'
import { changesIn } from './support/underway.ts'

const server = path.join(postgresFolder, 'postgres')
const unknown = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }
const completed = { exit: 0, status: 'COMPLETED', types: ['COMPLETED'], errors: 0, warnings: 0 }

async function aCluster(tool: string) {
  const computer = await aComputer(tool, folder => ({
    env: { PGHOST: `${folder}/postgres`, PGUSER: 'postgres', PGBACKREST_CONFIG: `${folder}/pgbackrest.conf` },
    // The files of the server are another user's.
    isAlmighty: true,
  }))
  return { ...computer, ...(await startPostgres(computer.folder)) }
}

describeTool(
  'pg_dump',
  () => {
    test('a backup is completed, and tells its tables; one of a database without tables says so', async () => {
      const { home, run, ping } = await aCluster('pg_dump')
      const counts = { ...unknown, totalFiles: 2, processedFiles: 2, tool: expect.stringMatching(/^pg_dump/) }
      expect(await run()).toEqual({ ...completed, ...counts })
      expect(await ping()).toEqual({ ...completed, ...counts })
      await asPostgres(home, 'shop', client => client.query('drop table customers, orders'))
      const types = ['NO_EXCHANGE_OR_SQL_DATA_BACKED_UP']
      expect(await run()).toMatchObject({ exit: 0, status: 'WARNING', types, processedFiles: 0 })
    })

    test('no such database, no server, no rights and no place for the dump are failures', async () => {
      const { home, run, ping } = await aCluster('pg_dump')
      await asPostgres(home, 'shop', client => client.query('create role guest login'))
      for (const change of [
        { renames: { shop: 'nothing' } },
        { env: { PGHOST: '/nonexistent' } },
        { env: { PGUSER: 'guest' } },
        { renames: { '/srv/backup': '/proc/nonexistent' } },
      ]) {
        expect(await run(change)).toMatchObject({ exit: 1, status: 'FAILURE', types: ['ERRORS'] })
        expect(await ping(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
      }
    })

    test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
      const { home, stop } = await aCluster('pg_dump')
      await asPostgres(home, 'shop', async client => {
        await client.query('begin; lock table customers')
        const isWaiting = async () => (await client.query('select 1 from pg_locks where not granted')).rowCount
        const waits = async () => {
          while (!(await isWaiting()));
        }
        expect(await stop(signal, waits)).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
      })
    })
  },
  ['pg_dump', server],
)

describeTool(
  'pg_basebackup',
  () => {
    test('a backup is completed, and tells its bytes', async () => {
      const { run, ping } = await aCluster('pg_basebackup')
      const fast = { '--progress': '--progress --checkpoint=fast' }
      const counts = { ...unknown, bytes: expect.any(Number), tool: expect.stringMatching(/^pg_basebackup/) }
      expect(await run({ renames: fast })).toEqual({ ...completed, ...counts })
      expect(await ping({ renames: { ...fast, base: 'again' } })).toEqual({ ...completed, ...counts })
    })

    test('a folder that is not empty, no server and no place for it are failures', async () => {
      const { home, run, ping } = await aCluster('pg_basebackup')
      for (const change of [
        { renames: { '/srv/backup/base': home } },
        { env: { PGHOST: '/nonexistent' } },
        { renames: { '/srv/backup': '/proc/nonexistent' } },
      ]) {
        expect(await run(change)).toMatchObject({ exit: 1, status: 'FAILURE', types: ['ERRORS'] })
        expect(await ping(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
      }
    })

    test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
      const { backup, stop } = await aCluster('pg_basebackup')
      const slow = { renames: { '--progress': '--progress --checkpoint=fast --max-rate=32k' } }
      expect(await stop(signal, () => changesIn(backup), slow)).toMatchObject({
        status: 'WARNING',
        types: ['CANCELED'],
      })
    })
  },
  ['pg_basebackup', server],
)

async function aStanza() {
  const computer = await aCluster('pgbackrest')
  const { folder, backup, data, home, prepare } = computer
  const lines = [
    '[global]',
    `repo1-path=${backup}`,
    `lock-path=${folder}/lock`,
    'log-level-file=off',
    'repo1-retention-full=2',
    // Nothing archives the log of this server.
    'archive-check=n',
    'archive-mode-check=n',
    '[main]',
    `pg1-path=${data}`,
    `pg1-socket-path=${home}`,
    'pg1-user=postgres',
  ]
  writeFileSync(path.join(folder, 'pgbackrest.conf'), `${lines.join('\n')}\n`)
  await prepare('pgbackrest --stanza=main --no-online stanza-create')
  return computer
}

describeTool(
  'pgbackrest',
  () => {
    test('a backup is completed, and tells its files and bytes', async () => {
      const { run, ping } = await aStanza()
      const fast = { env: { PGBACKREST_START_FAST: 'y' } }
      const [files, bytes] = [expect.any(Number), expect.any(Number)]
      const tool = expect.stringMatching(/^pgbackrest \d/)
      // It warns that there is no full backup yet, and makes one.
      const first = { exit: 0, status: 'WARNING', types: ['WARNINGS'], warnings: 1, errors: 0 }
      expect(await run(fast)).toMatchObject({ ...first, processedFiles: files, bytes, tool })
      expect(await ping(fast)).toMatchObject({ ...completed, processedFiles: files, bytes, tool })
    })

    test('no stanza, no server and no place for it are failures', async () => {
      const { run, ping } = await aStanza()
      for (const change of [
        { renames: { '--stanza=main': '--stanza=nothing' } },
        { env: { PGBACKREST_PG1_SOCKET_PATH: '/nonexistent' } },
        { env: { PGBACKREST_REPO1_PATH: '/proc/nonexistent' } },
      ]) {
        expect(await run(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
        expect(await ping(change)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
      }
    })

    test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
      const { stop } = await aStanza()
      // It waits for the next checkpoint.
      const stopped = await stop(signal, run => run.says('backup begins after the next regular checkpoint'))
      expect(stopped).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
    })
  },
  ['pgbackrest', server],
)
