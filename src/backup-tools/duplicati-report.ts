import { isJsonObject, type JsonObject } from './json-text.ts'
import { readJsonDocuments } from './json-documents.ts'

/** A report of Duplicati, whatever its format: the members of the result by name, as text, and the lines of its log. */
export type DuplicatiReport = {
  /** `Backup`, `Restore`, …: the operation that the report is about; null when it does not say. */
  operation: string | null
  members: ReadonlyMap<string, string>
  /** Why it failed, in one line; null when it did not. */
  failure: string | null
  logLines: string[]
  /** How many sets of files were deleted; null when the report does not say. */
  deletedSets: number | null
}

/** Reads the report in `lines`, in JSON or in words; null when there is none. */
export function readDuplicatiReport(lines: readonly string[]): DuplicatiReport | null {
  const { documents, texts } = readJsonDocuments(lines)
  const document = documents.find(isReport)
  return document ? fromJson(document) : fromText(texts.flatMap(toFormLines))
}

const isReport = (document: unknown): document is JsonObject => {
  if (!isJsonObject(document)) return false
  const { Data: data, Extra: extra } = document
  if (isJsonObject(data)) return 'MainOperation' in data || 'ParsedResult' in data
  return isJsonObject(extra) && ('OperationName' in extra || 'backup-name' in extra || 'machine-id' in extra)
}

function fromJson(document: JsonObject): DuplicatiReport {
  const data = isJsonObject(document['Data']) ? document['Data'] : {}
  const extra = isJsonObject(document['Extra']) ? document['Extra'] : {}
  const statistics = isJsonObject(data['BackendStatistics']) ? data['BackendStatistics'] : {}
  const members = new Map<string, string>()
  for (const [name, value] of Object.entries(data)) setPlain(members, name, value)
  for (const [name, value] of Object.entries(statistics)) setPlain(members, `BackendStatistics.${name}`, value)
  const { Exception: exception, LogLines: logLines } = document
  const { DeletedSets: deletedSets } = data
  const operation = members.get('MainOperation') ?? extra['OperationName']
  return {
    operation: typeof operation === 'string' ? operation : null,
    members,
    failure: typeof exception === 'string' && exception !== '' ? (exception.split(/[\r\n]/)[0] ?? null) : null,
    logLines: Array.isArray(logLines) ? logLines.filter(line => typeof line === 'string') : [],
    deletedSets: Array.isArray(deletedSets) ? deletedSets.length : null,
  }
}

function setPlain(members: Map<string, string>, name: string, value: unknown): void {
  if (['string', 'number', 'boolean'].includes(typeof value)) members.set(name, String(value))
}

const titleLine = /^Duplicati (\w{1,40}) report for /

/** A form holds the whole report as one value, which may be the only line: `message=Duplicati+Backup+report+for…`. */
function toFormLines(line: string): string[] {
  if (!/^[\w.-]{1,60}=Duplicati(?:%20|\+)/i.test(line)) return [line]
  const [text = ''] = new URLSearchParams(line).values()
  return text.split(/[\r\n]+/).map(line => line.trimEnd())
}

/** `Key: value` at the margin, members of other results set in four blanks, lists between brackets, then the log. */
function fromText(lines: readonly string[]): DuplicatiReport | null {
  const members = new Map<string, string>()
  const logLines: string[] = []
  let group = ''
  for (const line of lines) {
    const match = /^( {4})?([A-Za-z]{1,40}): ?(.{0,2000})/.exec(line)
    if (/^ *(?:\d{4}-\d\d-\d\d [\d:.]{8} ?[+-]?\d{0,2} - )?\[(?:Error|Warning|Information)-/.test(line))
      logLines.push(line.trim())
    else if (match) {
      const [, indent, name = '', value = ''] = match
      if (indent === undefined) group = name
      const key = indent === undefined ? name : `${group}.${name}`
      if (!members.has(key)) members.set(key, value.trim())
    }
  }
  const title = lines.map(line => titleLine.exec(line)).find(Boolean)
  const isFull = members.has('MainOperation') && members.has('ParsedResult')
  const failure = members.get('Failed') ?? null
  if (!isFull && !(title && (failure !== null || members.has('MainOperation')))) return null
  return {
    operation: members.get('MainOperation') ?? title?.[1] ?? null,
    members,
    failure,
    logLines,
    deletedSets: null,
  }
}
