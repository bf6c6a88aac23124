import { describe, expect, test } from 'vitest'
import { days } from '../../src/domain/instant.ts'
import { addComputer, json, lastgood, newDatabase, reportRun, startServer, stop } from '../support/lastgood-server.ts'

type Row = Record<string, unknown>

/** A server that has judged a run with warnings of three days ago and a good one of two days ago. */
async function aJudgedSet(file: string, server: { url: string }): Promise<void> {
  const key = await addComputer(file)
  await json(file, 'set', 'add', 'acme', '0000', 'Documents')
  const report = (daysAgo: number, more: Row) => {
    const local_start = new Date(Date.now() - days(daysAgo)).toISOString()
    return reportRun(server.url, key, { local_start, local_end: local_start, ...more })
  }
  await report(3, { warnings: 2 })
  await untilHistory(file, 1)
  await report(2, {})
  await untilHistory(file, 2)
}

/** The server judges within a second or so of a report. */
async function untilHistory(file: string, count: number): Promise<Row[]> {
  for (;;) {
    const rows = await json<Row[]>(file, 'history', 'acme', '0000', 'Documents')
    if (rows.length >= count) return rows
  }
}

describe.concurrent('lastgood history', () => {
  test('shows what the server found, newest first, and follows a policy at once', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    await aJudgedSet(file, server)
    await stop(server)

    const history = ['history', 'acme', '0000', 'Documents']
    expect(await json(file, ...history)).toMatchObject([
      { condition_status: 'COMPLETED', condition_types: ['COMPLETED'], action_id: 2 },
      { condition_status: 'WARNING', condition_types: ['WARNINGS'], found_status: 'WARNING', action_id: 1 },
    ])
    expect(await json(file, ...history, '--count', '1')).toHaveLength(1)
    const table = await lastgood(file, history)
    expect(table.stdout).toMatch(
      /^Documents of computer 0000 of acme, newest first, on its clock \(Europe\/Berlin\):\n/,
    )
    expect(table.stdout).toMatch(/\n\S+ +✔ COMPLETED +COMPLETED +run 2\n\S+ +▲ WARNING +WARNINGS +run 1\n$/)
    await json(file, 'partner', 'update', 'root', '--policy', 'WARNINGS=FAILURE')
    const { stdout } = await lastgood(file, history)
    expect(stdout).toMatch(/✖ FAILURE +WARNINGS +run 1; called WARNING then\n$/)
  })

  test('says what comes next while nothing was found, and what is not there', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    await json(file, 'set', 'add', 'acme', '0000', 'Documents')
    expect(await json(file, 'history', 'acme', '0000', 'Documents')).toEqual([])
    const empty = await lastgood(file, ['history', 'acme', '0000', 'Documents'])
    expect(empty).toMatchObject({ status: 0, stdout: expect.stringContaining('lastgood run --set "Documents" --') })
    const missing = await lastgood(file, ['history', 'acme', '0000', 'Mail'])
    expect(missing).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('has no backup set "Mail"'),
    })
    expect((await lastgood(file, ['history', 'acme', '0000', 'Documents', '--count', '0'])).status).toBe(2)
  })
})

describe.concurrent('lastgood backtest', () => {
  test('says which changes would vanish and appear, and changes nothing', async () => {
    using database = newDatabase()
    const { file } = database
    await using server = await startServer(file)
    await aJudgedSet(file, server)
    await stop(server)

    const set = ['backtest', 'set', 'acme', '0000', 'Documents']
    const settings = await json(file, 'set', 'show', 'acme', '0000', 'Documents')
    expect(await json(file, ...set, '--policy', 'WARNINGS=FAILURE')).toMatchObject({
      vanish: [{ condition_status: 'WARNING', condition_types: ['WARNINGS'], due: '' }],
      appear: [{ condition_status: 'FAILURE', condition_types: ['WARNINGS'], due: '' }],
    })
    const { stdout } = await lastgood(file, [...set, '--policy', 'WARNINGS=FAILURE', '--days', '30'])
    expect(stdout).toMatch(
      /^Of the last 30 days, 1 change would vanish:\n {2}\S+ +▲ WARNING +WARNINGS\n1 would appear:\n {2}\S+ +✖ FAILURE +WARNINGS\n\d would stay\.\n$/,
    )
    const unchanged = await lastgood(file, [...set, '--rpo', 'none', '--time-zone', 'none', '--grace', '60'])
    expect(unchanged.stdout).toMatch(/^Of the last 90 days, nothing would change: \d changes would stay\.\n$/)
    expect(await json(file, 'set', 'show', 'acme', '0000', 'Documents')).toEqual(settings)

    const policy = ['backtest', 'policy', 'root', '--policy', 'WARNINGS=FAILURE']
    const row = { username: 'acme', computer_id: '0000', backupset_name: 'Documents', vanish: 1, appear: 1 }
    expect(await json(file, ...policy)).toEqual({
      partner: 'root',
      days: 90,
      sets: 1,
      vanish: 1,
      appear: 1,
      list: [row],
    })
    const table = await lastgood(file, policy)
    expect(table).toMatchObject({
      stderr: '',
      stdout: expect.stringMatching(/^Of the last 90 days, 1 change would vanish/),
    })
    expect(await json(file, 'partner', 'show', 'root')).toMatchObject({ policy: {} })
  })

  test.each([
    ['nothing to try', ['set', 'acme', '0000', 'Documents']],
    ['no policy to try', ['policy', 'root']],
    ['an unknown rule', ['policy', 'root', '--policy', 'LATE=FAILURE']],
    ['too many days', ['policy', 'root', '--policy', 'MISSED=WARNING', '--days', '367']],
    ['a wrong schedule', ['set', 'acme', '0000', 'Documents', '--schedule', 'at noon']],
    ['a presence', ['set', 'acme', '0000', 'Documents', '--presence', 'required']],
    ['nothing', []],
  ])('%s is wrong usage', async (_, args) => {
    using database = newDatabase()
    const { status, stdout } = await lastgood(database.file, ['backtest', ...args])
    expect([status, stdout]).toEqual([2, ''])
  })

  test('a partner or a set that there is not is told', async () => {
    using database = newDatabase()
    const { file } = database
    await addComputer(file)
    const asked = await lastgood(file, ['backtest', 'policy', 'south', '--policy', 'MISSED=WARNING'])
    expect(asked).toMatchObject({ status: 1, stderr: 'lastgood: There is no partner south; check the username.\n' })
    const set = await lastgood(file, ['backtest', 'set', 'acme', '0000', 'Mail', '--grace', '5'])
    expect(set).toMatchObject({ status: 1, stderr: expect.stringContaining('has no backup set "Mail"') })
    const none = await lastgood(file, ['backtest', 'policy', 'root', '--policy', 'MISSED=WARNING'])
    expect(none).toMatchObject({ status: 0, stdout: expect.stringContaining('There is no backup set below') })
  })
})
