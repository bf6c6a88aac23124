import { AppError } from '../domain/app-error.ts'
import type { RunMessage, RunState } from '../domain/run.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { deriveReading } from './derive-reading.ts'
import { toHtmlTexts } from './html-text.ts'

/**
 * Reads the mails of Hyper Backup on Synology DiskStations, in English and in German: a sentence that says how the task
 * ended, and below it the names of task and target, its start and how long it took. Nothing is counted in them, and
 * times stand without a zone, and are not read. Throws `invalid` for a mail whose sentence is not known, such as one in
 * another language, when no exit status tells how it ended. Format: DSM 6 and 7, Control Panel, "Notification". Mails
 * that receivers have quoted document the German failure and the English "partially completed"; the other sentences are
 * as DSM words its notifications as far as is known, and one that is worded otherwise is never a success.
 */
export const synology: BackupTool = {
  name: 'synology',
  usage: {
    programs: [],
    debianPackage: null,
    example: null,
    ownReport: 'mail of its notifications',
  },
  readsSubject: true,

  recognizes(output) {
    return countFields(readTexts(output)) >= leastFields
  },

  read(output) {
    const texts = readTexts(output)
    const said = countFields(texts) >= leastFields ? toSaid(texts) : []
    const end = readEnd(said)
    if (end === null && output.exitStatus === null && output.signal === null) {
      throw new AppError('invalid', 'This mail does not say in words that are known how a task of Hyper Backup ended.')
    }
    return deriveReading(output, {
      type: said.some(text => integrityCheck.test(text)) ? 'maintenance' : 'backup',
      isClosed: end !== null,
      ended: end === null ? null : ends[end],
      problems: 0,
      warnings: end === 'partial' ? 1 : 0,
      totalFiles: null,
      processedFiles: null,
      newFiles: null,
      bytes: null,
      messages: toMessages(texts, said, end),
      silence: 'The mail does not say how the task ended.',
    })
  },
}

/** How a task may have ended, worst first, and what a run is then that did not finish. */
const ends = {
  failed: 'failed',
  canceled: 'canceled',
  partial: null,
  complete: null,
} as const satisfies Record<string, Exclude<RunState, 'finished'> | null>
type End = keyof typeof ends

/** The words by which each is told, in English and in German. */
const words: Record<End, RegExp> = {
  failed:
    /\b(?:fail(?:ed|s|ure)?|unsuccessful(?:ly)?|unable|errors?|could not|cannot|not|no|fehlgeschlagen|gescheitert|fehler|konnte|nicht|keine?)\b|n['’]t\b/i,
  canceled:
    /\b(?:cancel(?:l?ed|ing)|abort(?:ed|ing)|suspended|interrupted|stopped|paused|skipped|abgebrochen|ausgesetzt|unterbrochen|angehalten|gestoppt|pausiert|übersprungen)\b/i,
  partial: /\b(?:partial(?:ly)?|warnings?|teilweise|warnung(?:en)?)\b/i,
  complete:
    /\b(?:is (?:now )?complete|(?:has|have|was|is) (?:been )?(?:successfully )?(?:completed|finished)|was successful|(?:completed|finished) successfully|successfully (?:completed|finished)|(?:ist|wurde) (?:jetzt |nun )?(?:erfolgreich )?(?:abgeschlossen|beendet|durchgeführt)|war erfolgreich|erfolgreich (?:abgeschlossen|beendet|durchgeführt))\b/i,
}

const integrityCheck = /\bintegrity check\b|\bIntegritätsprüfung\b/i

/** What stands below the sentence: task, target, start, duration. */
const fields = [
  /^(?:Backup task|Task name|Datensicherungsaufgabe|Sicherungsaufgabe): \S/i,
  /^(?:Backup (?:target|destination)|Target|Sicherungsziel|Datensicherungsziel): \S/i,
  /^(?:Start(?: time)?|Startzeit): \S/i,
  /^(?:Duration|Dauer): \S/i,
]
const leastFields = 3

function readTexts({ stdout, stderr }: ToolOutput): string[] {
  return toHtmlTexts(`${stdout}\n${stderr}`)
}

function countFields(texts: readonly string[]): number {
  return fields.filter(field => texts.some(text => field.test(text))).length
}

/** What stands above the names, which people choose: a task may be called "failed". */
function toSaid(texts: readonly string[]): string[] {
  const first = texts.findIndex(text => fields.some(field => field.test(text)))
  return texts.slice(0, Math.max(0, first)).map(text => text.slice(0, longestSentence))
}

const longestSentence = 1_000

/** The worst that any sentence says; null when none says anything known. */
function readEnd(said: readonly string[]): End | null {
  const names = Object.keys(words) as End[]
  return names.find(name => said.some(text => words[name].test(text))) ?? null
}

function toMessages(texts: readonly string[], said: readonly string[], end: End | null): RunMessage[] {
  if (end === null || end === 'complete') return []
  const level = end === 'failed' ? ('error' as const) : ('warning' as const)
  const sentences = said.filter(text => words[end].test(text)).map(text => text.replace(/^Subject: {0,3}/, ''))
  const names = texts.filter(text => fields[0]?.test(text) || fields[1]?.test(text))
  return [...sentences.map(text => ({ level, text })), ...names.map(text => ({ level: 'info' as const, text }))]
}
