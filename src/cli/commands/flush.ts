import { Command, InvalidArgumentError } from 'commander'
import { isAppError } from '../../domain/app-error.ts'
import { jsonOption } from '../admin/options.ts'
import { agentOptions } from '../run/agent-options.ts'
import { parseDuration } from '../run/duration.ts'

type FlushOptions = {
  url?: string
  key?: string
  wait?: true | number
  list?: true
  anyKey?: true
  now?: true
  json?: true
  quiet?: true
}

/** `lastgood flush`: delivers the reports that the server has not taken so far. */
export function flushCommand(endWith: (status: number) => void): Command {
  const command = new Command('flush')
    .description('Deliver the reports of runs that the server has not taken so far.')
    .option('--wait [duration]', 'keep trying until all are delivered, or for so long, such as 10m', parseWait)
    .option('--list', 'show what is spooled, and deliver nothing')
    .option('--any-key', 'deliver also what was spooled under another key, as runs of this computer')
    .option('--now', 'ask the server at once, also where a pause is to be kept after failures')
    .option('--quiet', 'say nothing unless something is left')
    .addOption(jsonOption())
  return agentOptions(command)
    .addHelpText('after', help)
    .action(async ({ wait, list, ...options }: FlushOptions) => {
      if (list) {
        const { listSpool } = await import('../flush/list-spool.ts')
        await listSpool(options)
        return
      }
      const { flush } = await import('../flush/flush.ts')
      endWith(await flush({ ...options, waitMs: wait === true ? Infinity : (wait ?? 0) }))
    })
}

const help = `
The server and the key are those of lastgood run. A report is removed from this computer after the server has said that
it is stored. What the server refuses for good is put into the folder "refused" of the spool, with the reason beside it.

The exit status is 0 when nothing is left, and 1 with the reason on stderr when something is.

Example, for cron:
  */5 * * * * lastgood flush --quiet`

function parseWait(text: string): number {
  try {
    return parseDuration(text, '--wait')
  } catch (error) {
    if (isAppError(error)) throw new InvalidArgumentError(error.message)
    throw error
  }
}
