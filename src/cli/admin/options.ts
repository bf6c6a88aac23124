import { Command, InvalidArgumentError, Option } from 'commander'
import { parseScopes } from '../../app/issue-token.ts'
import type { NamedPlace } from '../../app/places.ts'
import { AppError, isAppError } from '../../domain/app-error.ts'
import type { Plugin } from '../../domain/run.ts'
import { parseName } from '../../domain/text.ts'
import { wirePlugins } from '../../wire/constants.ts'

/** The options of every command that works on the database. */
export type AdminOptions = { database?: string; json?: boolean }

/** Begins a command that works on the database; `example` is shown below its help. */
export function adminCommand(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', `\nExample:\n  ${example}`)
}

/** Begins the command that holds the commands of one thing; by itself it shows its help. `shown` is its example. */
export function groupCommand(
  name: string,
  description: string,
  commands: readonly Command[],
  shown: string = 'add',
): Command {
  const group = new Command(name).description(description)
  for (const command of commands) group.addCommand(command)
  return group.addHelpText('after', `\nExample:\n  lastgood ${name} ${shown} --help`)
}

/** `--database`, wherever the default comes from. */
export function databaseOption(): Option {
  return new Option(
    '--database <url>',
    'an SQLite file or postgres://… (default: LASTGOOD_DATABASE_URL, else lastgood.sqlite)',
  )
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option('--json', 'print JSON for programs and nothing else on stdout')
}

/** The options that name what a client or token is bound to: at most one of them. */
export function placeOptions(): Option[] {
  return [
    new Option('--partner <username>', 'bind it to this partner (default: root)').conflicts(['account', 'computer']),
    new Option('--account <username>', 'bind it to this account').conflicts(['partner', 'computer']),
    new Option('--computer <username/computer_id>', 'bind it to this computer')
      .conflicts(['partner', 'account'])
      .argParser(asArgument(parseComputerPlace)),
  ]
}

/** Uses a `parse…` for an argument or option: what it calls `invalid` is wrong usage. */
export function asArgument<Value>(parse: (text: string) => Value): (text: string) => Value {
  return text => {
    try {
      return parse(text)
    } catch (error) {
      if (isAppError(error, 'invalid')) throw new InvalidArgumentError(error.message)
      throw error
    }
  }
}

/** Reads a name that `--name` gives. */
export const parseNameOption = asArgument(text => parseName(text, '--name'))

/** Reads scopes, at least one, separated by spaces, plus signs or commas. */
export const parseScopeOption = asArgument(text => {
  const scopes = parseScopes(text)
  if (scopes.length > 0) return scopes
  throw new AppError('invalid', 'Name at least one scope, such as computers_read.')
})

/** Reads the kind of a backup set as the wire calls it, in any letter case. */
export const parsePlugin = asArgument((text): Plugin => {
  const plugins = Object.keys(wirePlugins) as Plugin[]
  const found = plugins.find(plugin => wirePlugins[plugin] === text.toUpperCase())
  if (found) return found
  throw new AppError('invalid', `There are ${Object.values(wirePlugins).join(', ')}.`)
})

/** Reads a whole number from `least` to `most`. */
export function parseWholeNumber(least: number, most: number): (text: string) => number {
  return asArgument(text => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new AppError('invalid', `Write a whole number from ${least} to ${most}.`)
  })
}

/** Ends a command as wrong usage when it was told to change nothing. */
export function requireChange(command: Command, changes: readonly unknown[]): void {
  if (changes.some(change => change !== undefined)) return
  command.error('error: nothing to change was given; name at least one option.')
}

function parseComputerPlace(text: string): NamedPlace['computer'] {
  const [, username, computerId] = /^([^/]+)\/([^/]+)$/.exec(text) ?? []
  if (username !== undefined && computerId !== undefined) return { username, computerId }
  throw new AppError('invalid', 'Write it as username and computer_id, such as acme/0000.')
}
