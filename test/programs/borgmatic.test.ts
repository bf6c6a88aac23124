import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'
import { ownHookOfBorgmatic, rename } from './support/examples.ts'
import { addLongFile, changesIn } from './support/underway.ts'

async function aBorgmatic() {
  const computer = await aComputer('borgmatic', () => ({ env: { BORG_PASSPHRASE: 'correct horse' } }))
  const { folder, home, prepare } = computer
  const configure = (hook: string) => {
    mkdirSync(path.join(folder, '.config/borgmatic'), { recursive: true })
    const location = `location:\n    source_directories: [${home}]\n    repositories: [${folder}/backup/borg]\n`
    writeFileSync(path.join(folder, '.config/borgmatic/config.yaml'), location + hook)
  }
  configure('')
  await prepare('borg init --encryption repokey /srv/backup/borg')
  return { ...computer, configure }
}

/** The hook of the page in the sections of borgmatic before 1.8. */
function hookOf(pingUrl: string, sendLogs: boolean): string {
  const hook = rename(ownHookOfBorgmatic(), { 'send_logs: true': `send_logs: ${sendLogs}` })
  const pinged = hook.replace(/https:\S+/, pingUrl)
  return `hooks:\n${pinged.replaceAll(/^/gm, '    ')}\n`
}

describeTool('borgmatic', () => {
  test('a backup is completed, however often', async () => {
    const { run, ping } = await aBorgmatic()
    const completed = { exit: 0, status: 'COMPLETED', types: ['COMPLETED'], errors: 0, warnings: 0 }
    const counts = { totalFiles: 2, processedFiles: 2, newFiles: null, bytes: expect.any(Number), tool: 'borgmatic' }
    expect(await run()).toEqual({ ...completed, ...counts })
    expect(await ping()).toEqual({ ...completed, ...counts })
  })

  test('a file that cannot be read is a warning', async () => {
    const { home, run, ping } = await aBorgmatic()
    chmodSync(path.join(home, 'letter.txt'), 0)
    const partial = { exit: 0, status: 'WARNING', types: ['WARNINGS'], warnings: 1, processedFiles: 1 }
    expect(await run()).toMatchObject(partial)
    expect(await ping()).toMatchObject(partial)
  })

  test('a wrong passphrase is a failure', async () => {
    const { run, ping } = await aBorgmatic()
    const wrong = { env: { BORG_PASSPHRASE: 'wrong' } }
    expect(await run(wrong)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool: 'borgmatic' })
    expect(await ping(wrong)).toMatchObject({ status: 'FAILURE', types: ['ERRORS'], tool: 'borgmatic' })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels it', async signal => {
    const { home, backup, stop } = await aBorgmatic()
    addLongFile(home)
    expect(await stop(signal, () => changesIn(backup))).toMatchObject({ status: 'WARNING', types: ['CANCELED'] })
  })

  test.each([true, false])('its own hook reports what it does, with send_logs: %s', async sendLogs => {
    const { home, configure, prepare, addPinged, standingOf } = await aBorgmatic()
    const line = 'borgmatic --verbosity 1 create --stats || true'
    configure(hookOf(await addPinged('Good'), sendLogs))
    await prepare(line)
    expect(await standingOf('Good')).toMatchObject({ status: 'COMPLETED', types: ['COMPLETED'] })

    configure(hookOf(await addPinged('Bad'), sendLogs))
    await prepare(line, { env: { BORG_PASSPHRASE: 'wrong' } })
    expect(await standingOf('Bad')).toMatchObject({ status: 'FAILURE', types: ['ERRORS'] })

    chmodSync(path.join(home, 'letter.txt'), 0)
    configure(hookOf(await addPinged('Partial'), sendLogs))
    await prepare(line)
    // Without its log nothing tells that borg has warned: borgmatic pings a success.
    expect(await standingOf('Partial')).toMatchObject({ status: sendLogs ? 'WARNING' : 'COMPLETED' })
  })
})
