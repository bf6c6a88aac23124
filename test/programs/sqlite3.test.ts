import { chmodSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'

async function anApp() {
  const computer = await aComputer('sqlite3', folder => ({ renames: { '/srv/app': folder } }))
  const file = path.join(computer.folder, 'app.db')
  const database = new DatabaseSync(file)
  database.exec("create table customers (name text); insert into customers values ('somebody')")
  return { ...computer, file, database }
}

describeTool('sqlite3', () => {
  test('a backup is completed, however often', async () => {
    const { run, ping } = await anApp()
    const completed = { exit: 0, status: 'COMPLETED', types: ['COMPLETED'], errors: 0, warnings: 0, tool: 'sqlite3' }
    expect(await run()).toMatchObject(completed)
    // It prints nothing, so that there is nothing to read.
    expect(await ping()).toMatchObject({ ...completed, tool: null })
  })

  test('a database that cannot be read or is none, and no place for the copy, are failures', async () => {
    const { home, file, run, ping } = await anApp()
    const changes = [
      { '/srv/app/app.db': '/nonexistent/app.db' },
      { '/srv/app/app.db': path.join(home, 'photos/photo.raw') },
    ]
    for (const renames of [...changes, { '/srv/backup': '/proc/nonexistent' }]) {
      expect(await run({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
      expect(await ping({ renames })).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
    }
    chmodSync(file, 0)
    expect(await run()).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })
  })

  // It does not listen to SIGINT while it waits.
  test('SIGTERM cancels it', async () => {
    const { database, stop } = await anApp()
    database.exec('begin exclusive')
    const waiting = { renames: { '-readonly': '-readonly -cmd ".timeout 600000" -cmd ".shell echo begun"' } }
    const stopped = await stop('SIGTERM', run => run.says('begun'), waiting)
    expect(stopped).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })
})
