import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { addComputer, lastgood, newDatabase, reportRun, startServer, stop } from '../support/lastgood-server.ts'
import { openStore } from '../../src/storage/store.ts'

test('a backup of a server that records at full speed has every run that was acknowledged before it began', async () => {
  using database = newDatabase()
  const server = await startServer(database.file)
  const key = await addComputer(database.file)
  const load = { acknowledged: 0, isBusy: true }
  const report = async () => {
    while (load.isBusy) if ((await reportRun(server.url, key)).status === 201) load.acknowledged += 1
  }
  const busy = Array.from({ length: 8 }, report)
  while (load.acknowledged < 100) await Promise.race([reportRun(server.url, key), ...busy])
  const before = load.acknowledged
  const copy = join(database.folder, 'copy.sqlite')
  const { status, stdout, stderr } = await lastgood(database.file, ['db', 'backup', copy])
  const after = load.acknowledged
  load.isBusy = false
  await Promise.all(busy)
  await stop(server)

  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^Backed up .* bytes in .*, checked\.\n$/)
  expect(after).toBeGreaterThan(before)
  expect(statSync(copy).mode & 0o777).toBe(0o600)
  expect(readdirSync(database.folder).filter(name => name.includes('copy'))).toEqual(['copy.sqlite'])
  const db = new DatabaseSync(copy, { readOnly: true })
  const count = Number(db.prepare('select count(*) as count from runs').get()?.['count'])
  db.close()
  expect(count).toBeGreaterThanOrEqual(before)
  await (await openStore(copy)).close()
})

test('a backup replaces nothing unless it is told to, and never the database', async () => {
  using database = newDatabase()
  await (await openStore(database.file)).close()
  const copy = join(database.folder, 'copy.sqlite')
  writeFileSync(copy, 'something else')
  writeFileSync(`${copy}.999999999.unfinished`, 'left behind by a backup that was killed')
  const refused = await lastgood(database.file, ['db', 'backup', copy])
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('replace it with --force')])
  expect(existsSync(`${copy}.999999999.unfinished`)).toBe(true)
  const itself = await lastgood(database.file, ['db', 'backup', database.file, '--force'])
  expect(itself.stderr).toContain('is the database itself')
  const replaced = await lastgood(database.file, ['db', 'backup', copy, '--force', '--json'])
  expect(JSON.parse(replaced.stdout)).toMatchObject({ file: copy, bytes: statSync(copy).size })
  expect(existsSync(`${copy}.999999999.unfinished`)).toBe(false)
})

test.each([
  ['a database that is not there', 'nothing.sqlite', 'copy.sqlite', 1, 'There is no database at'],
  ['a folder that is not there', 'lastgood.sqlite', 'nowhere/copy.sqlite', 1, 'make it first'],
  ['one of PostgreSQL', 'postgres://lastgood@127.0.0.1:1/lastgood', 'copy.sqlite', 2, 'pg_dump --format=custom'],
])('a backup of %s is refused with what to do', async (_, from, to, status, words) => {
  using database = newDatabase()
  await (await openStore(database.file)).close()
  const source = from.includes(':') ? from : join(database.folder, from)
  const ended = await lastgood(source, ['db', 'backup', join(database.folder, to)])
  expect([ended.status, ended.stderr]).toEqual([status, expect.stringContaining(words)])
  expect(existsSync(join(database.folder, 'copy.sqlite'))).toBe(false)
})
