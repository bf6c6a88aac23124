import { AppError } from '../domain/app-error.ts'
import { memberOf, readJsonObject, textOf, toObject } from './hook-text.ts'
import { plainReply } from './replies.ts'
import type { Webhook } from './webhook.ts'

/**
 * Reports of Duplicati 2: JSON (`--send-http-json-urls`), and forms whose field `message` holds the report in words or in
 * JSON (`--send-http-url`, `--send-http-form-urls`). Its adapter reads them; only `MainOperation` Backup is a backup.
 * Format: Duplicati documentation, "Sending reports via HTTP"; source of its module SendHttpMessage.
 */
export const duplicatiHook: Webhook = {
  name: 'duplicati',
  sender: 'Duplicati',
  methods: ['POST', 'PUT'],
  native: null,
  setup: { rest: '', paste: 'the option --send-http-json-urls of the backup (step Options), or --send-http-url' },
  reply: plainReply,
  read({ body }) {
    const report = reportIn(body)
    if (report.trim() === '') throw new AppError('invalid', 'The body is empty; Duplicati sends a report.')
    return {
      kind: 'output',
      tool: 'duplicati',
      output: report,
      isFailure: false,
      startedAt: null,
      endedAt: null,
      identity: identityOf(report),
      log: report,
    }
  },
}

/** The report that a body is, or that the field `message` of a form holds, whatever the field is called. */
function reportIn(body: string): string {
  if (!/^[\w.~%-]{1,60}=/.test(body.trimStart())) return body
  const fields = new URLSearchParams(body)
  const values = [fields.get('message') ?? '', ...fields.values()]
  return values.find(isReport) ?? values.find(value => value !== '') ?? ''
}

const isReport = (value: string): boolean => /^\s*\{|Duplicati|MainOperation:|^Failed:/m.test(value)

/** A run is told by its backup and when it began. A report that says neither is told by its words alone. */
function identityOf(report: string): string | null {
  const document = readJsonObject(report)
  if (document === null) return /^(?:BeginTime|EndTime): ?\S/m.test(report) ? report : null
  const data = toObject(memberOf(document, 'Data'))
  const extra = toObject(memberOf(document, 'Extra'))
  const began = textOf(data, 'BeginTime')
  if (began === '' || began.startsWith('0001-')) return null
  const operation = textOf(data, 'MainOperation')
  return JSON.stringify([textOf(extra, 'machine-id'), textOf(extra, 'backup-id'), operation, began])
}
