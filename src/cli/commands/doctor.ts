import { Command } from 'commander'
import type { AdminOptions } from '../admin/options.ts'
import { databaseOption, jsonOption } from '../admin/options.ts'
import { print } from '../admin/print.ts'
import type { Check, CheckStatus } from '../doctor/check.ts'

/** `lastgood doctor`: looks at what the server and `lastgood run` need. The program ends with 1 when something fails. */
export function doctorCommand(endWith: (status: number) => void): Command {
  return new Command('doctor')
    .description('Check settings, database, clock and server, and say what to do.')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(async ({ database, json }: AdminOptions) => {
      const { examine } = await import('../doctor/examine.ts')
      const checks = await examine(process.env, database)
      print(json ? JSON.stringify(checks) : checks.map(toLine).join('\n'))
      if (checks.some(({ status }) => status === 'FAILURE')) endWith(1)
    })
}

const help = `
✔ is as it should be, ▲ may be, ✖ fails and makes the exit status 1. The server is the one that LASTGOOD_URL names,
asked with LASTGOOD_KEY, as lastgood run does.

Example:
  LASTGOOD_URL=https://backup.example.net LASTGOOD_KEY_FILE=/etc/lastgood.key lastgood doctor`

const shapes = { OK: '✔', WARNING: '▲', FAILURE: '✖' } as const satisfies Record<CheckStatus, string>

function toLine({ check, status, message }: Check): string {
  return `${shapes[status]} ${check.padEnd('time zones'.length)}  ${message}`
}
