import { Command } from 'commander'
import { groupCommand, jsonOption } from '../admin/options.ts'
import type { CopyOptions } from '../db/copy.ts'

/** `lastgood db`: the database as a whole. */
export function dbCommand(): Command {
  return groupCommand('db', 'The database as a whole: copy it.', [copyCommand()], 'copy')
}

function copyCommand(): Command {
  return new Command('copy')
    .description('Copy a whole installation into an empty database, of the same or of the other kind.')
    .argument('<from>', 'the database to copy from: an SQLite file or postgres://…')
    .argument('<to>', 'the database to copy into, which is empty or not there yet; one of PostgreSQL must be there')
    .option('--force', 'copy also while a server runs on <from>: what it takes meanwhile is missing in the copy')
    .option('--quiet', 'say nothing unless it fails')
    .addOption(jsonOption())
    .addHelpText('after', copyHelp)
    .action(async (from: string, to: string, options: CopyOptions) => {
      const { copy } = await import('../db/copy.ts')
      await copy(from, to, options)
    })
}

const copyHelp = `
Nothing is changed in <from>. Every key and secret stays, so that tokens, agent keys and ping URLs go on to work. In the
end both sides are read and compared. When it is interrupted, the same command goes on where it was; until it has ended
well, no server takes the copy. Stop the server first, and start it on the copy.

Example:
  lastgood db copy /var/lib/lastgood/lastgood.sqlite postgres://lastgood@db/lastgood`
