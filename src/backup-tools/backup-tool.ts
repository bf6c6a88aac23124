import type { LocalTime } from '../domain/local-time.ts'
import type { ToolUsage } from './tool-usage.ts'
import type { Plugin, RunCounts, RunMessage, RunState, RunType } from '../domain/run.ts'

/** What a backup tool left behind: its streams as text, and how its process ended, as far as the reporter knows. */
export type ToolOutput = {
  /** Standard output, or both streams where they were merged. */
  stdout: string
  stderr: string
  /** 0 to 255 as a shell shows it; null when the reporter does not know it. */
  exitStatus: number | null
  /** The signal that ended the command or that the wrapper passed on to it, such as `SIGINT`; null when there was none. */
  signal: string | null
  /** Whether lines were left out that the tool does not need: what is counted line by line is not known then. */
  isCut?: boolean
}

/**
 * What must be kept of the lines like one: each of them, or only the newest of those that are called the same, such as
 * the last `newest progress`.
 */
export type LineNeed = 'each' | `newest ${string}`

/** What an adapter read from a tool's output. Null means that the tool did not say: unknown is not zero. */
export type ToolReading = RunCounts & {
  type: RunType
  /** Null where the output does not tell what kind of data it was: the backup set says it then. */
  plugin: Plugin | null
  state: RunState
  startedAt: LocalTime | null
  endedAt: LocalTime | null
  errors: number
  warnings: number
  messages: RunMessage[]
  /** The version of the tool, where its output tells it. */
  version: string | null
}

/**
 * Reads one backup tool. Pure: text in, value out. An adapter knows no HTTP, no files and no store.
 * `read` throws `invalid` when the text is not this tool's at all, and nothing else, whatever the text.
 */
export interface BackupTool {
  /** The name that reporters give: the folder of its real outputs in `test/fixtures/`. */
  name: string
  usage: ToolUsage
  /** Whether the subject of a mail is a part of its report: it is handed over as a first line, `Subject: …`. */
  readsSubject?: boolean
  /** Whether the output is surely this tool's; a guess that could be wrong is a no. */
  recognizes(output: ToolOutput): boolean
  read(output: ToolOutput): ToolReading
  /**
   * Whether `read` and `recognizes` need a line from the middle of an output that is too long to be sent whole; null when
   * they conclude the same without it. The line is as `toOutputLines` has it; time is in proportion to its length. A tool
   * that does not say is in doubt about every output of which something was left out.
   */
  needs?(line: string): LineNeed | null
}
