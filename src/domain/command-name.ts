import { AppError } from './app-error.ts'

const pattern = /^[\w.+-]{1,64}(?: [a-z][a-z-]{0,19})?$/

/**
 * What may be told of a command: the base name of its program, and the word behind it where it looks like a subcommand,
 * as in `bup save`. Any other argument could be a secret. Undefined when the program has an odd name.
 */
export function toCommandName([file = '', word = '']: readonly string[]): string | undefined {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  if (!pattern.test(base) || base.includes(' ')) return undefined
  return pattern.test(`${base} ${word}`) ? `${base} ${word}` : base
}

/** Checks a text that `toCommandName` may have made. Throws `invalid`. */
export function parseCommandName(text: string): string {
  if (pattern.test(text)) return text
  throw new AppError('invalid', 'command must be the name of a program, or that and its subcommand, such as bup save.')
}
