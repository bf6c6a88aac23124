import { readConfig } from '../../config.ts'
import { isAppError } from '../../domain/app-error.ts'
import { readReportingSettings } from '../run/agent-settings.ts'
import { readSetting } from '../admin/read-setting.ts'
import { type Check, fail, ok } from './check.ts'
import { checkTimeZones } from './check-clock.ts'
import { checkDatabase } from './check-database.ts'
import { checkServer } from './check-server.ts'
import { checkSpool } from './check-spool.ts'

/** Looks at everything that a server or a reporting computer needs, in the order in which to mend it. */
export async function examine(environment: NodeJS.ProcessEnv, database: string | undefined): Promise<Check[]> {
  const settings = checkSettings(environment, database)
  const file = readDatabase(database)
  return [
    ...settings,
    // What is wrong with the setting has been told with the others.
    ...(file === undefined ? [] : await checkDatabase(file)),
    checkTimeZones(),
    ...(await checkServer(await withAgentFiles(environment))),
    ...(await checkSpool(environment)),
  ]
}

/** The environment with what the settings files of this computer say of its server and key, where that can be used. */
async function withAgentFiles(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  try {
    const { agent } = await readReportingSettings({ env: environment })
    return { ...environment, LASTGOOD_URL: agent.url.href, LASTGOOD_KEY: agent.key }
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error
    // What is missing or wrong is told by the checks of the server and the key.
    return environment
  }
}

function checkSettings(environment: NodeJS.ProcessEnv, database: string | undefined): Check[] {
  try {
    readConfig(environment, { database })
    return [ok('settings', 'Every setting of the server can be used.')]
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error
    return error.message.split('\n').map(problem => fail('settings', problem))
  }
}

function readDatabase(database: string | undefined): string | undefined {
  try {
    return readSetting('database', database)
  } catch (error) {
    if (!isAppError(error, 'invalid')) throw error
    return undefined
  }
}
