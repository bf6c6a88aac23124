import { Command, InvalidArgumentError } from 'commander'
import { isAppError } from '../../domain/app-error.ts'
import { parseName } from '../../domain/text.ts'
import { agentOptions } from '../run/agent-options.ts'

type RunOptions = { set: string; tool?: string; url?: string; key?: string }

/** `lastgood run`: runs a command and reports how it ended. The program ends as the command did. */
export function runCommand(endWith: (status: number) => void): Command {
  const run = new Command('run')
    .description('Run a backup command and report how it ended.')
    .argument('<command...>', 'the command with its arguments; it runs whatever happens to the report')
    .requiredOption('--set <name>', 'the backup set that the command backs up', parseSet)
    .option('--tool <name>', 'the backup tool whose output this is (detected when left out)')
  return agentOptions(run)
    .passThroughOptions()
    .addHelpText('after', help)
    .action(async (command: string[], options: RunOptions) => {
      const { runAndReport } = await import('../run/run-and-report.ts')
      endWith(await runAndReport({ ...options, command, env: process.env }))
    })
}

const help = `
A key on the command line is seen by everyone who lists processes: keep it in LASTGOOD_KEY, or in a file that
LASTGOOD_KEY_FILE names.

The exit status is that of the command; 126 when it cannot be executed, 127 when it is not found.

Example:
  export LASTGOOD_URL=https://backup.example.net LASTGOOD_KEY_FILE=/etc/lastgood.key
  lastgood run --set Documents -- restic backup --json /home`

function parseSet(text: string): string {
  try {
    return parseName(text, '--set')
  } catch (error) {
    if (isAppError(error)) throw new InvalidArgumentError(error.message)
    throw error
  }
}
