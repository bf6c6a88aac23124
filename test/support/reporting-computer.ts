import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { hashSecret, mintAgentKey } from '../../src/app/secrets.ts'
import { openStore } from '../../src/storage/store.ts'
import { type EndedProcess, lastgoodProgram, startProcess, type StartedProcess } from './lastgood-process.ts'
import { makeTestDatabase } from './stores.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The computer 0000 of the account acme, which reports with the real program and a spool of its own. */
export type ReportingComputer = {
  key: string
  start(url: string, set: string, script: string, env?: NodeJS.ProcessEnv): StartedProcess
  run(url: string, set: string, script: string, env?: NodeJS.ProcessEnv): Promise<EndedProcess>
  /** Delivers what is spooled, without keeping pauses. */
  flush(url: string, ...args: string[]): Promise<EndedProcess>
  /** How every set of the computer stands, as the server says: its types. */
  conditions(url: string): Promise<Map<string, string[]>>
}

/** Adds the account acme with one computer to a new database; answers its agent key. */
export async function addReportingComputer(database: string): Promise<string> {
  const store = await openStore(database)
  const root = await store.addPartner({ parentId: null, username: 'root', name: 'Root' }, 0)
  const account = { partnerId: root.id, username: 'acme', name: 'Acme', timeZone: 'UTC', acceptsNewSets: true }
  const { id: accountId } = await store.addAccount(account, 0)
  const computer = await store.addComputer({ accountId, name: 'File server', timeZone: null }, 0)
  const key = mintAgentKey()
  await store.setAgentKey(computer.key, hashSecret(key), 0)
  await store.close()
  return key
}

/** The computer that a key belongs to, with a spool in a folder. */
export function aReportingComputer(key: string, spool: string): ReportingComputer {
  const envOf = (url: string, env: NodeJS.ProcessEnv = {}) => ({
    ...process.env,
    LASTGOOD_CONFIG: '/dev/null',
    LASTGOOD_SPOOL: spool,
    LASTGOOD_URL: url,
    LASTGOOD_KEY: key,
    ...env,
  })
  const start: ReportingComputer['start'] = (url, set, script, env) =>
    startProcess([lastgoodProgram, 'run', '--set', set, '--', 'sh', '-c', script], { env: envOf(url, env) })
  return {
    key,
    start,
    run: (...args) => start(...args).ended,
    flush: (url, ...args) =>
      startProcess([lastgoodProgram, 'flush', '--quiet', '--now', ...args], { env: envOf(url) }).ended,
    async conditions(url) {
      const path = '/v1/accounts/acme/computers/0000/reports/backup_status'
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })
      const { list } = (await answer.json()) as { list: { backupset_name: string; condition_types: string[] }[] }
      return new Map(list.map(row => [row.backupset_name, row.condition_types]))
    },
  }
}

/** A database of the lane's kind with a reporting computer, whose spool lies in a folder of its own. */
export async function prepareReporting(): Promise<
  { database: string; spool: string; computer: ReportingComputer } & AsyncDisposable
> {
  const folder = temporaryFolder()
  const database = await makeTestDatabase()
  const spool = join(folder.path, 'spool')
  return {
    database: database.url,
    spool,
    computer: aReportingComputer(await addReportingComputer(database.url), spool),
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]()
      await database.remove()
    },
  }
}

/** The reports that wait in a spool. */
export function spooled(spool: string): string[] {
  return existsSync(spool) ? readdirSync(spool).filter(name => /\.(start|result)$/.test(name)) : []
}
