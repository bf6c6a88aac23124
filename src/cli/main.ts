import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { isAppError } from '../domain/app-error.ts'

/** Ends the program with this status once the command is done, without waiting for what is still open. */
export type EndWith = (status: number) => void

/** Every command, in the order of the help: a new one is a line here. Only the one that is asked for is loaded. */
const commands: Record<string, (endWith: EndWith) => Promise<Command>> = {
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  partner: async () => (await import('./commands/partner.ts')).partnerCommand(),
  account: async () => (await import('./commands/account.ts')).accountCommand(),
  computer: async () => (await import('./commands/computer.ts')).computerCommand(),
  set: async () => (await import('./commands/set.ts')).setCommand(),
  inbox: async () => (await import('./commands/inbox.ts')).inboxCommand(),
  'mail-rule': async () => (await import('./commands/mail-rule.ts')).mailRuleCommand(),
  schedule: async () => (await import('./commands/schedule.ts')).scheduleCommand(),
  user: async () => (await import('./commands/user.ts')).userCommand(),
  client: async () => (await import('./commands/client.ts')).clientCommand(),
  'api-key': async () => (await import('./commands/api-key.ts')).apiKeyCommand(),
  channel: async () => (await import('./commands/channel.ts')).channelCommand(),
  token: async () => (await import('./commands/token.ts')).tokenCommand(),
  db: async endWith => (await import('./commands/db.ts')).dbCommand(endWith),
  run: async endWith => (await import('./commands/run.ts')).runCommand(endWith),
  flush: async endWith => (await import('./commands/flush.ts')).flushCommand(endWith),
  heartbeat: async () => (await import('./commands/heartbeat.ts')).heartbeatCommand(),
  explain: async () => (await import('./commands/explain.ts')).explainCommand(),
  history: async () => (await import('./commands/history.ts')).historyCommand(),
  backtest: async () => (await import('./commands/backtest.ts')).backtestCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  doctor: async endWith => (await import('./commands/doctor.ts')).doctorCommand(endWith),
}

const wrongUsage = 2

/**
 * Runs the command line `argv` (without the program's name) and resolves to the exit status: 0 done, 1 a failure that
 * was explained on stderr, 2 wrong usage, or what the command ended with. Never rejects.
 */
export async function main(argv: readonly string[], endWith: EndWith = () => undefined): Promise<number> {
  let status = 0
  try {
    const program = await buildProgram(argv, ended => {
      status = ended
      endWith(ended)
    })
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (error) {
    return explain(error)
  }
}

/** Runs the command line of this process and ends the process with its status. */
export async function start(): Promise<void> {
  process.on('uncaughtException', error => {
    // Whoever read our output has gone (`lastgood report … | head`): nobody is left to tell.
    if (codeOf(error) === 'EPIPE') process.exit()
    process.exit(explain(error))
  })
  let endsNow = false
  process.exitCode = await main(process.argv.slice(2), () => {
    endsNow = true
  })
  if (endsNow) process.exit()
}

async function buildProgram(argv: readonly string[], endWith: EndWith): Promise<Command> {
  const program = new Command('lastgood')
    .description('Know the last good backup of every computer.')
    .version(packageJson.version)
    .enablePositionalOptions()
    .showHelpAfterError('Add --help to see what is allowed.')
    .exitOverride()
  const [first = ''] = argv
  const names = Object.hasOwn(commands, first) ? [first] : Object.keys(commands)
  for (const name of names) {
    const command = await commands[name]?.(endWith)
    if (command) program.addCommand(inherit(command, program))
  }
  return program
}

function inherit(command: Command, from: Command): Command {
  for (const child of command.commands) inherit(child, from)
  return command.copyInheritedSettings(from)
}

function explain(error: unknown): number {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : wrongUsage
  process.stderr.write(isAppError(error) ? `lastgood: ${error.message}\n` : bugMessage(error))
  return 1
}

function bugMessage(error: unknown): string {
  const isDebugging = Boolean(process.env['LASTGOOD_DEBUG'])
  if (isDebugging && error instanceof Error) return `lastgood: this is a bug: ${error.stack ?? error.message}\n`
  return `lastgood: this is a bug: ${String(error)}. Set LASTGOOD_DEBUG=1 to see where it happened, and report it.\n`
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

if (import.meta.main) await start()
