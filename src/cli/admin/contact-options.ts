import type { Command } from 'commander'
import { parseEmail, parsePhone } from '../../domain/contact.ts'
import { longestName, parseLine } from '../../domain/text.ts'
import { asArgument } from './options.ts'

/** What the options say of whom to reach; an empty text says that it is not known. */
export type ContactOptions = { email?: string; phone?: string }

/** Adds `--email` and `--phone`. */
export function contactOptions(command: Command): Command {
  return command
    .option(
      '--email <address>',
      'where mail reaches them',
      asArgument(text => parseEmail(text, '--email')),
    )
    .option(
      '--phone <number>',
      'where calls reach them',
      asArgument(text => parsePhone(text, '--phone')),
    )
}

/** Adds the options of a partner or a customer: `--company` as well. */
export function companyOptions(command: Command): Command {
  return contactOptions(command.option('--company <name>', 'its name in contracts', lineOption('--company')))
}

/** Reads a line that may be empty. */
export function lineOption(name: string): (text: string) => string {
  return asArgument(text => parseLine(text, name, longestName))
}
