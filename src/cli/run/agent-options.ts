import { type Command, Option } from 'commander'

/** Adds the options that say where a computer reports to, and as which; both may come from the environment. */
export function agentOptions(command: Command): Command {
  return command
    .addOption(new Option('--url <url>', 'the address of the server').env('LASTGOOD_URL'))
    .addOption(new Option('--key <key>', 'the agent key of this computer').env('LASTGOOD_KEY'))
}
