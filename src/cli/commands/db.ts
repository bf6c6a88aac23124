import { Command } from 'commander'
import { isPostgresUrl } from '../../storage/database-url.ts'
import { type AdminOptions, databaseOption, groupCommand, jsonOption } from '../admin/options.ts'
import { readSetting } from '../admin/read-setting.ts'
import type { BackUpOptions } from '../db/back-up.ts'
import type { CheckOptions } from '../db/check.ts'
import type { CopyOptions } from '../db/copy.ts'

/** `lastgood db`: the database as a whole. */
export function dbCommand(endWith: (status: number) => void): Command {
  return groupCommand(
    'db',
    'The database as a whole: copy it, back it up, check it, make it smaller.',
    [copyCommand(), backupCommand(), checkCommand(endWith), compactCommand()],
    'copy',
  )
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

function backupCommand(): Command {
  return new Command('backup')
    .description('Copy an SQLite database into a file, consistently and while the server runs.')
    .argument('<file>', 'the file to make')
    .addOption(databaseOption())
    .option('--force', 'replace the file when it is there already')
    .option('--quiet', 'say nothing unless it fails')
    .addOption(jsonOption())
    .addHelpText('after', backupHelp)
    .action(async (file: string, options: BackUpOptions, command: Command) => {
      const database = readSetting('database', options.database)
      if (isPostgresUrl(database)) command.error(`error: ${onPostgres}`)
      const { backUp } = await import('../db/back-up.ts')
      await backUp(database, file, options)
    })
}

const onPostgres = `the database is one of PostgreSQL, which has tools of its own: pg_dump for a copy, pg_basebackup or pgBackRest
for every moment of the past. For example:
  pg_dump --format=custom --file=lastgood.dump "$LASTGOOD_DATABASE_URL"`

const backupHelp = `
The file holds all that was acknowledged before the command began. It is checked, and on disk, before it has its name; only
its owner can read it. The exit status is 0 only then.

Example, so that Lastgood knows its own last good backup:
  lastgood run --set Lastgood -- lastgood db backup --force /backup/lastgood.sqlite`

function checkCommand(endWith: (status: number) => void): Command {
  return new Command('check')
    .description('Look through a whole database, reading only, and tell what is wrong.')
    .argument('[database]', 'an SQLite file or postgres://… (default: LASTGOOD_DATABASE_URL, else lastgood.sqlite)')
    .option('--quiet', 'say nothing unless something is wrong')
    .addOption(jsonOption())
    .addHelpText('after', checkHelp)
    .action(async (database: string | undefined, options: CheckOptions) => {
      const { check } = await import('../db/check.ts')
      endWith(await check(readSetting('database', database), options))
    })
}

const checkHelp = `
The server may run meanwhile. The exit status is 0 when all is well, and 1 when something is wrong, which is told in a line
each with what to do.

Example:
  lastgood db check /backup/lastgood.sqlite`

function compactCommand(): Command {
  return new Command('compact')
    .description('Make an SQLite file as small as it can be, while the server is stopped.')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', compactHelp)
    .action(async (options: AdminOptions) => {
      const { compact } = await import('../db/compact.ts')
      compact(readSetting('database', options.database), options)
    })
}

const compactHelp = `
A file that an earlier version made keeps its size when old runs go; after this command it shrinks by itself. It takes as
much free room on the disk as the file has. When it is interrupted, the file is as it was.

Example:
  lastgood db compact --database /var/lib/lastgood/lastgood.sqlite`
