import type { Progress } from '../../backup-tools/progress.ts'
import { isAppError } from '../../domain/app-error.ts'
import { seconds } from '../../domain/instant.ts'
import { deliverSpool, type Delivery } from '../spool/deliver.ts'
import { tellDropped, tellOutcome } from '../spool/delivery-text.ts'
import type { Report } from '../spool/report.ts'
import { openSpool, type Spool } from '../spool/spool.ts'
import { spoolFolderHere } from '../spool/spool-folder.ts'
import { thisWorld } from '../spool/world.ts'
import type { ReportingSettings } from './agent-settings.ts'
import { errorCode } from './error-code.ts'
import { isStoredRun } from './is-stored-run.ts'
import type { RunReports } from './run-reports.ts'
import type { EndedCommand } from './running-command.ts'
import { type Say, sayNothing } from './say.ts'
import { sendToServer } from './send-to-server.ts'

/**
 * Reports one run: each report is kept on the disk first and goes from there when the server has acknowledged it. What
 * people should know is said. Throws an `AppError` that says what to do when a report is neither delivered nor kept.
 */
export type RunReporter = {
  /**
   * Tries until the server has it or `hurry` is aborted, and gives up what is under way when `abort` is. It says nothing:
   * the end of the run says the same.
   */
  start(signals: Signals): Promise<void>
  /** How far the running run has come: never kept, and given up after 10 seconds or when `abort` is. */
  update(progress: Progress, abort: AbortSignal): Promise<void>
  /** Gives up after three attempts, or when a signal is aborted. */
  end(ended: EndedCommand, signals: Signals): Promise<void>
}

/** `hurry` ends all waiting between attempts, `abort` also the attempt. */
export type Signals = { hurry: AbortSignal; abort: AbortSignal }

type Patience = { timeoutMs: number; mostAttempts: number; waitMs: number; pausesMs: readonly number[] }

const startPatience: Patience = { timeoutMs: seconds(10), mostAttempts: Infinity, waitMs: Infinity, pausesMs: [] }
const endPatience: Patience = {
  timeoutMs: seconds(15),
  mostAttempts: 3,
  waitMs: seconds(4),
  pausesMs: [500, seconds(2)],
}

const updatePatience = { timeoutMs: seconds(10), pausesMs: [] }

/** Builds the reporter of one run. */
export function buildRunReporter(settings: ReportingSettings, reports: RunReports, say: Say): RunReporter {
  const folder = spoolFolderHere(settings.spool.folder, process.env)
  const spool = openSpool(folder).catch((error: unknown) => toError(error))

  /** The name of a report that is on the disk; undefined where it cannot be. */
  async function keep(report: Report): Promise<{ spool: Spool; name: string } | Error> {
    const opened = await spool
    if (opened instanceof Error) return opened
    try {
      return { spool: opened, name: await opened.add(report, settings.agent, Date.now()) }
    } catch (error) {
      return toError(error)
    }
  }

  async function hand(report: Report, patience: Patience, signals: Signals, tell: Say): Promise<void> {
    const kept = await keep(report)
    if (kept instanceof Error) return sendUnkept(report, kept, { patience, signals, tell })
    const { spool, name } = kept
    const delivery = await deliver(spool, name, patience, signals).catch(toSystemError)
    if (delivery instanceof Error) return sendUnkept(report, delivery, { patience, signals, tell })
    for (const sentence of await tellOutcome(spool, name, delivery)) await tell(sentence)
    for (const sentence of delivery.delivered > 0 ? await tellDropped(spool) : []) await tell(sentence)
  }

  /** Without a spool, or past one that cannot be used: what is in it comes later, and is known by its `run_key`. */
  async function sendUnkept(
    { path, query, content }: Report,
    reason: Error,
    { patience, signals, tell }: { patience: Patience; signals: Signals; tell: Say },
  ): Promise<void> {
    await tell(`${notKept(reason, folder)} The run is reported without being kept.`)
    await sendToServer(settings.agent, { path, query, content, isTaken: isStoredRun }, { ...patience, ...signals })
  }

  function deliver(spool: Spool, name: string, patience: Patience, signals: Signals): Promise<Delivery> {
    const { agent, spool: spoolSettings } = settings
    return deliverSpool(
      {
        ...patience,
        ...signals,
        spool,
        agent,
        limits: spoolSettings.limits,
        until: Date.now() + patience.waitMs,
        isDone: async () => !(await spool.has(name)),
      },
      thisWorld,
    )
  }

  return {
    start: async signals => hand(await reports.start(), startPatience, signals, sayNothing),
    async update(progress, abort) {
      const { path, query, content } = await reports.update(progress)
      await sendToServer(settings.agent, { path, query, content, isTaken: isStoredRun }, { ...updatePatience, abort })
    },
    end: async (ended, signals) => hand(await reports.end(ended), endPatience, signals, say),
  }
}

function notKept(error: Error, folder: string): string {
  if (isAppError(error)) return error.message
  return `The spool ${folder} cannot be written to (${errorCode(error) || error.message}).`
}

/** What the system says of a file. Throws anything else on. */
function toSystemError(error: unknown): Error {
  if (error instanceof Error && (errorCode(error) !== '' || isAppError(error))) return error
  throw error
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
