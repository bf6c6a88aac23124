import type { ReadMail } from '../app/judge-mail.ts'
import type { BackupTool, ToolOutput, ToolReading } from '../backup-tools/backup-tool.ts'
import { generic } from '../backup-tools/generic.ts'
import { detectBackupTool, findBackupTool } from '../backup-tools/index.ts'
import { toShownMessages } from '../backup-tools/run-messages.ts'
import { isAppError } from '../domain/app-error.ts'
import type { MailReading } from '../domain/mail-run.ts'

/**
 * Reads a mail with the adapter of the named backup tool, else with that of the tool which surely wrote it. No mail tells an
 * exit status: what does not say itself that it went well did not. The complaint says that it is not of the named tool.
 */
export const readMail: ReadMail = (name, { subject, text }) => {
  const body = toOutput(text)
  const whole = toOutput(`Subject: ${subject}\n\n${text}`)
  const named = name === null ? undefined : findBackupTool(name)
  const tool = named ?? detect(body, whole)
  if (tool === generic) return { reading: null, complaint: null }
  const reading = readIfItsOwn(tool, tool.readsSubject ? whole : body)
  if (reading) return { reading: toMailReading(tool, reading), complaint: null }
  return { reading: null, complaint: named ? `This is not the output of ${tool.name}.` : null }
}

function detect(body: ToolOutput, whole: ToolOutput): BackupTool {
  const tool = detectBackupTool(body)
  if (tool !== generic) return tool
  const bySubject = detectBackupTool(whole)
  return bySubject.readsSubject ? bySubject : generic
}

function readIfItsOwn(tool: BackupTool, output: ToolOutput): ToolReading | null {
  try {
    return tool.read(output)
  } catch (error) {
    if (isAppError(error, 'invalid')) return null
    throw error
  }
}

function toMailReading({ name }: BackupTool, { version, ...reading }: ToolReading): MailReading {
  // Secrets are gone from the mail already.
  const messages = toShownMessages(reading.messages, text => text)
  return { ...reading, messages, tool: version === null ? name : `${name} ${version}` }
}

function toOutput(stdout: string): ToolOutput {
  return { stdout, stderr: '', exitStatus: null, signal: null }
}
