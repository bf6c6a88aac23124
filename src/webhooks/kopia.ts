import { AppError } from '../domain/app-error.ts'
import { memberOf, readJsonObject, textOf, toObject } from './hook-text.ts'
import { plainReply } from './replies.ts'
import { aFailure } from './readings.ts'
import type { Delivery, Webhook } from './webhook.ts'

/**
 * Notifications of Kopia 0.19 and later (`kopia notification profile configure webhook`): the rendered template is the body,
 * in text or in JSON, its subject a header. Reports of snapshots are read by Kopia's adapter: the subject says
 * "Successfully created" of snapshots with warnings, too.
 * Format: Kopia documentation, "Notifications"; its templates and the source of its webhook sender.
 */
export const kopiaHook: Webhook = {
  name: 'kopia',
  sender: 'Kopia',
  methods: ['POST', 'PUT'],
  native: null,
  setup: {
    rest: '',
    paste:
      'kopia notification profile configure webhook --profile-name=lastgood --format=txt --method=POST --endpoint=URL',
  },
  reply: plainReply,
  read({ headers, body }) {
    const { subject, text } = unwrap(headers['subject'] ?? '', body)
    const log = subject === '' ? text : `Subject: ${subject}\n${text}`
    if (text.trim() === '') throw new AppError('invalid', 'The body is empty; Kopia sends a notification.')
    if (/^Test notification\b/i.test(subject)) return aLog(log)
    return readError(subject, text, log) ?? toReport(subject, text, log)
  },
}

/** The subject and the text of a notification; both of one that is sent as to Discord are in JSON. */
function unwrap(header: string, body: string): { subject: string; text: string } {
  const message = readJsonObject(body)
  const embeds = memberOf(message, 'embeds')
  if (Array.isArray(embeds)) {
    return { subject: textOf(message, 'content'), text: textOf(toObject(embeds[0]), 'description') }
  }
  // A template begins with the subject; the header is taken from there.
  return { subject: header || (/^Subject: {0,3}(.{1,300})/.exec(body)?.[1]?.trim() ?? ''), text: body }
}

function aLog(log: string): Delivery {
  return { kind: 'signal', signal: 'log', exitStatus: null, series: null, reading: null, log }
}

/** An error that is no report of snapshots. Of maintenance nothing follows for the backup. */
function readError(subject: string, text: string, log: string): Delivery | null {
  const document = readJsonObject(text)
  const inSubject = /^Kopia has encountered an error during (.{1,200})/.exec(subject)?.[1]
  const operation = textOf(document, 'operation') || inSubject
  if (operation === undefined || isReport(text)) return null
  const said = [textOf(document, 'errorMessage'), textOf(document, 'errorDetails')].filter(Boolean).join(': ')
  const details = detailsIn(text)
  const reading = aFailure('kopia', said || details || subject, 'Kopia reported an error.')
  const isMaintenance = /\bmaintenance\b/i.test(operation)
  return {
    kind: 'run',
    reading: isMaintenance ? { ...reading, type: 'maintenance' } : reading,
    startedAt: null,
    endedAt: null,
    durationMs: null,
    identity: identityOf(text),
    log,
  }
}

/** Whether a text holds a report of snapshots, in JSON or in words. */
function isReport(text: string): boolean {
  return Array.isArray(memberOf(readJsonObject(text), 'snapshots')) || /^ {2}Status: /m.test(text)
}

/** What stands between the head of an error and its foot. */
function detailsIn(text: string): string {
  const head = text.indexOf('\nFinished:')
  const from = head < 0 ? -1 : text.indexOf('\n', head + 1)
  const foot = text.lastIndexOf('\nGenerated at ')
  return from < 0 || foot < from ? '' : text.slice(from, foot).trim()
}

function toReport(subject: string, text: string, log: string): Delivery {
  const isFailure = /^(?:Failed to|Kopia (?:has )?encountered)\b/.test(subject)
  if (!isFailure && !isReport(text)) {
    throw new AppError('invalid', 'The body is no report of Kopia; set the format of its notification profile to txt.')
  }
  return {
    kind: 'output',
    tool: 'kopia',
    output: text,
    isFailure,
    startedAt: null,
    endedAt: null,
    identity: identityOf(text),
    log,
  }
}

/** A notification says when it was made, so that no two of different runs are alike. */
function identityOf(text: string): string | null {
  return /^Generated at \S|"generatedAt": ?"\w/m.test(text) ? text : null
}
