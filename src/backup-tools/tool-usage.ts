import type { RunType } from '../domain/run.ts'

/**
 * How a tool is made to report, for readers: `docs/backup-tools.md` is written from it (`npm run generate`), and
 * `npm run programs` runs its examples with the real programs.
 */
export type ToolUsage = {
  /** The names of the programs that write what the adapter reads; none where reports come from no program of a computer. */
  programs: readonly string[]
  /**
   * What those of the programs, and of their subcommands, do that are no backup, whatever they print (manual pages of
   * the tools).
   */
  notBackups?: Readonly<Record<string, RunType>>
  /** The package of Debian that holds them; null where there is none. */
  debianPackage: string | null
  /** A backup as one line of a shell, and the set it backs up; null where no command makes the backup. */
  example: { set: string; command: string; shell?: 'bat' } | null
  /** How the tool reports by itself, where it can, in a few words; the page says what is set up for it. */
  ownReport?: string
  /** The exit statuses with which it says that all is well; left out: 0 alone. */
  successes?: readonly number[]
  /** The exit statuses that say that the backup is made, with something amiss; left out: there are none. */
  warnings?: readonly number[]
}

/** The exit statuses from `first` to `last`. */
export function exitStatuses(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** Subcommands that many tools have, with what they do. */
export const removing = { delete: 'delete', prune: 'delete' } as const
export const looking = {
  check: 'maintenance',
  list: 'maintenance',
  info: 'maintenance',
  init: 'maintenance',
} as const
