import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addTree, aRunReport, runKey } from '../../test/support/tree.ts'
import { toSqliteError } from './sqlite-file.ts'
import { openSqlite } from './sqlite.ts'
import { openStore } from './store.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lastgood-file-'))
  file = path.join(folder, 'lastgood.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const digest = () => createHash('sha256').update(readFileSync(file)).digest('hex')

async function refusal(): Promise<Error> {
  return openStore(file).then(
    () => expect.unreachable('the file was opened'),
    (error: Error) => error,
  )
}

async function makeOurs(): Promise<void> {
  const store = await openStore(file)
  const { place } = await addTree(store)
  const reports = Array.from({ length: 300 }, (_, index) => aRunReport({ runKey: runKey(index), log: 'x'.repeat(500) }))
  await Promise.all(reports.map(report => store.recordRun(place, report)))
  await store.close()
}

describe('a file that is not ours is refused in one sentence and left as it was', () => {
  test.each([
    ['a text', () => writeFileSync(file, 'Dear diary,\n'.repeat(50)), /is not an SQLite database/],
    ['a short text', () => writeFileSync(file, 'x'), /is not an SQLite database/],
    [
      'a database of another program',
      () => {
        const other = new DatabaseSync(file)
        other.exec('create table songs (title text); insert into songs values (1)')
        other.close()
      },
      /database of another program/,
    ],
  ])('%s', async (_, make, sentence) => {
    make()
    const before = digest()
    const error = await refusal()
    expect(error).toMatchObject({ kind: 'invalid' })
    expect(error.message).toMatch(sentence)
    expect(error.message).toContain(file)
    expect(digest()).toBe(before)
    expect(readdirSync(folder)).toEqual(['lastgood.sqlite'])
  })

  test('a folder', async () => {
    file = folder
    expect(await refusal()).toMatchObject({ kind: 'invalid' })
  })
})

describe('a damaged file is refused in one sentence and left as it was', () => {
  const sizes = () => readFileSync(file).length
  const overwrite = (from: number, count: number) => {
    const bytes = readFileSync(file)
    bytes.fill(0xa5, from, from + count)
    writeFileSync(file, bytes)
  }
  test.each([
    ['cut in the middle', () => truncateSync(file, Math.floor(sizes() / 2))],
    ['cut after its header', () => truncateSync(file, 100)],
    ['overwritten behind its header', () => overwrite(100, 3_000)],
    ['overwritten in the middle', () => overwrite(Math.floor(sizes() / 2), 8_192)],
  ])('%s', async (_, damage) => {
    await makeOurs()
    damage()
    const before = digest()
    const error = await refusal()
    expect(error).toMatchObject({ kind: 'invalid' })
    expect(error.message).toMatch(/is damaged/)
    expect(digest()).toBe(before)
  })
})

test('a file of a newer program is refused by the name of its migration and left as it was', async () => {
  await makeOurs()
  const db = new DatabaseSync(file)
  db.exec("insert into migrations (name, timestamp) values ('9999-from-tomorrow', '2030-01-01')")
  db.close()
  const before = digest()
  const error = await refusal()
  expect(error).toMatchObject({ kind: 'invalid' })
  expect(error.message).toMatch(/newer Lastgood.*9999-from-tomorrow/)
  expect(digest()).toBe(before)
})

test('an empty file and a missing folder are made into a new database', async () => {
  writeFileSync(file, '')
  await (await openStore(file)).close()
  file = path.join(folder, 'a', 'b', 'new.sqlite')
  await (await openStore(file)).close()
  expect(readFileSync(file).toString('latin1', 0, 15)).toBe('SQLite format 3')
})

test('a new database is in WAL mode and every commit waits for the disk', async () => {
  const database = await openSqlite(file)
  const pragma = async (name: string) => (await sql.raw(`pragma ${name}`).execute(database.writer)).rows
  // 2 is FULL (SQLite manual, PRAGMA synchronous).
  expect(await pragma('synchronous')).toEqual([{ synchronous: 2 }])
  expect(await pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }])
  await database.close()
})

test('a new file gives back what was freed in it', async () => {
  await makeOurs()
  const before = readFileSync(file).length
  const store = await openStore(file)
  const [set] = await store.listBackupSets(1, 1)
  await store.removeBackupSet(set?.id ?? 0)
  while (await store.shrink());
  await store.close()
  expect(readFileSync(file).length).toBeLessThan(before * 0.7)
})

test('a closed database is one file that holds everything', async () => {
  const store = await openStore(file)
  await addTree(store)
  await store.close()
  expect(readdirSync(folder)).toEqual(['lastgood.sqlite'])
  const copy = path.join(folder, 'copy.sqlite')
  writeFileSync(copy, readFileSync(file))
  const copied = await openStore(copy)
  expect(await copied.findComputer('acme', '0000')).toBeDefined()
  await copied.close()
})

test('a file that may not be written is unavailable, and the sentence names it', async () => {
  await makeOurs()
  const db = new DatabaseSync(file, { readOnly: true })
  let failure: unknown
  try {
    db.exec("insert into usernames (name) values ('x')")
  } catch (error) {
    failure = toSqliteError(error, file)
  }
  db.close()
  expect(failure).toMatchObject({ kind: 'unavailable', message: expect.stringMatching(/^\S+ cannot be written/) })
})

test('a change that the database itself rolled back, as it does on a full disk, fails for its own reason', async () => {
  const store = await openStore(file)
  const other = new DatabaseSync(file)
  other.exec(`create trigger refuse before insert on partners when new.username = 'full'
    begin select raise(rollback, 'there is no room'); end`)
  other.close()
  const partner = { parentId: null, name: 'North' }
  await expect(store.addPartner({ ...partner, username: 'full' }, 0)).rejects.toMatchObject({ kind: 'conflict' })
  expect(await store.addPartner({ ...partner, username: 'north' }, 0)).toMatchObject({ username: 'north' })
  await store.close()
})
