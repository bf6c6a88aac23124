import { Command, InvalidArgumentError, Option } from 'commander'
import { isAppError } from '../../domain/app-error.ts'
import { parseName } from '../../domain/text.ts'
import { agentOptions } from '../run/agent-options.ts'
import { parseDuration } from '../run/duration.ts'

type RunOptions = {
  set: string
  tool?: string
  url?: string
  key?: string
  timeout?: number
  onMissing: 'create' | 'refuse'
  quiet?: true
  progress: boolean
}

/** `lastgood run`: runs a command and reports how it ended. The program ends as the command did. */
export function runCommand(endWith: (status: number) => void): Command {
  const run = new Command('run')
    .description('Run a backup command and report how it ended.')
    .argument('<command...>', 'the command with its arguments; it runs whatever happens to the report')
    .requiredOption('--set <name>', 'the backup set that the command backs up', parseSet)
    .option('--tool <name>', 'the backup tool whose output this is (detected when left out)')
    .option('--timeout <duration>', 'end the command after this time, such as 90s, 30m, 6h or 1d', parseTimeout)
    .addOption(
      new Option(
        '--on-missing <what>',
        'what happens when the server does not know the set: create it, or refuse the run',
      )
        .choices(['create', 'refuse'])
        .default('create'),
    )
    .option('--quiet', 'say nothing; what the command writes stays')
    .option('--no-progress', 'pass the output on as it is, also on a terminal, without a progress bar')
  return agentOptions(run)
    .passThroughOptions()
    .addHelpText('after', help)
    .action(async (command: string[], options: RunOptions) => {
      const { runAndReport } = await import('../run/run-and-report.ts')
      const { quiet, timeout, progress, ...others } = options
      const behaviour = { timeoutMs: timeout, isQuiet: quiet === true, hasBar: progress && quiet !== true }
      endWith(await runAndReport({ ...others, ...behaviour, command, env: process.env }))
    })
}

const help = `
The server and the key come from LASTGOOD_URL and LASTGOOD_KEY, or from /etc/lastgood/agent.conf. A key on the command
line is seen by everyone who lists processes: keep it in the file, or in one that LASTGOOD_KEY_FILE names.

What the server does not take is kept on this computer, and delivered by the next lastgood run or by lastgood flush.

The exit status is that of the command; 124 when it took longer than --timeout allows, 126 when it cannot be executed,
127 when it is not found.

Example:
  export LASTGOOD_URL=https://backup.example.net LASTGOOD_KEY_FILE=/etc/lastgood.key
  lastgood run --set Documents -- restic backup --json /home`

function parseSet(text: string): string {
  return asArgument(() => parseName(text, '--set'))
}

function parseTimeout(text: string): number {
  return asArgument(() => parseDuration(text, '--timeout'))
}

function asArgument<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (isAppError(error)) throw new InvalidArgumentError(error.message)
    throw error
  }
}
