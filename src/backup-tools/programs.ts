import type { RunType } from '../domain/run.ts'

/** A program of a backup tool. */
export type Program = {
  /** The name of its adapter. */
  tool: string
  /** What its subcommands do that are no backup, whatever they print. */
  subcommands?: Readonly<Record<string, RunType>>
}

const removing = { delete: 'delete', prune: 'delete' } as const
const checking = { check: 'maintenance', list: 'maintenance', info: 'maintenance', init: 'maintenance' } as const

/** Programs by the base names of their files. Sources: the manual pages of the tools. */
const programs: Readonly<Record<string, Program>> = {
  restic: { tool: 'restic', subcommands: { ...removing, ...checking, forget: 'delete', restore: 'restore' } },
  borg: {
    tool: 'borg',
    subcommands: { ...removing, ...checking, extract: 'restore', compact: 'maintenance', diff: 'maintenance' },
  },
  borgmatic: { tool: 'borgmatic', subcommands: { ...removing, ...checking, extract: 'restore' } },
  rclone: { tool: 'rclone', subcommands: { ...checking, delete: 'delete', purge: 'delete', ls: 'maintenance' } },
  rsync: { tool: 'rsync' },
  rsnapshot: { tool: 'rsnapshot', subcommands: { configtest: 'maintenance', du: 'maintenance', diff: 'maintenance' } },
  tar: { tool: 'tar' },
  duplicity: {
    tool: 'duplicity',
    subcommands: { restore: 'restore', verify: 'maintenance', cleanup: 'delete', 'remove-older-than': 'delete' },
  },
  'rdiff-backup': { tool: 'rdiff-backup', subcommands: { ...checking, restore: 'restore', verify: 'maintenance' } },
  dar: { tool: 'dar' },
  bup: {
    tool: 'bup',
    subcommands: {
      index: 'maintenance',
      init: 'maintenance',
      fsck: 'maintenance',
      ls: 'maintenance',
      gc: 'delete',
      rm: 'delete',
      restore: 'restore',
    },
  },
  pg_dump: { tool: 'pg_dump' },
  pg_dumpall: { tool: 'pg_dump' },
  pg_basebackup: { tool: 'pg_basebackup' },
  pgbackrest: {
    tool: 'pgbackrest',
    subcommands: { ...checking, restore: 'restore', expire: 'delete', verify: 'maintenance' },
  },
  barman: { tool: 'barman', subcommands: { ...checking, recover: 'restore', restore: 'restore', delete: 'delete' } },
  'wal-g': { tool: 'walg', subcommands: { 'backup-fetch': 'restore', 'backup-list': 'maintenance', delete: 'delete' } },
  mysqldump: { tool: 'mysqldump' },
  'mariadb-dump': { tool: 'mysqldump' },
  mariabackup: { tool: 'mariabackup' },
  'mariadb-backup': { tool: 'mariabackup' },
  xtrabackup: { tool: 'mariabackup' },
  mydumper: { tool: 'mydumper' },
  sqlite3: { tool: 'sqlite3' },
  kopia: { tool: 'kopia' },
  'duplicati-cli': { tool: 'duplicati', subcommands: { restore: 'restore', delete: 'delete', test: 'maintenance' } },
  vzdump: { tool: 'vzdump' },
  robocopy: { tool: 'robocopy' },
}

/**
 * What is known of a command by the name of its program and the word behind it, as in `bup index`. `type` is null unless
 * that word says that this is no backup. Undefined for a program that is no backup tool's.
 */
export function findProgram(command: string): { tool: string; type: RunType | null } | undefined {
  const [file = '', word = ''] = command.split(' ')
  const name = file.replace(/\.exe$/i, '').toLowerCase()
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined
  if (!program) return undefined
  const { subcommands = {} } = program
  return { tool: program.tool, type: Object.hasOwn(subcommands, word) ? (subcommands[word] ?? null) : null }
}
