import path from 'node:path'
import { lastgoodProgram } from '../support/lastgood-process.ts'
import { ask } from './ask.ts'
import { type MachineProcess, startOn } from './machine-process.ts'
import { machines } from './namespaces.ts'

/** The machines that Lastgood runs on. */
export const servers = ['a', 'b'] as const

/** A machine that Lastgood runs on. */
export type Server = (typeof servers)[number]

/** Where the Lastgood of a machine listens. */
export const urlOf = (server: Server): string => `http://${machines[server]}:8480`

/** Starts `lastgood serve` on a machine; it finds the database by way of HAProxy. */
export function startLastgood(server: Server, folder: string, databaseUrl: string): MachineProcess {
  const env = {
    LASTGOOD_DATABASE_URL: databaseUrl,
    LASTGOOD_RATE_LIMIT: '0',
    LASTGOOD_ADDRESS_RATE_LIMIT: '0',
    LASTGOOD_LOG_LEVEL: 'warn',
  }
  const command = [lastgoodProgram, 'serve', '--host', '0.0.0.0', '--port', '8480']
  return startOn(server, command, { user: 'root', log: path.join(folder, `lastgood-${server}.log`), env })
}

/** Whether the Lastgood of a machine says that it can serve. */
export async function isReady(server: Server): Promise<boolean> {
  return (await ask(`${urlOf(server)}/readyz`))?.status === 200
}
