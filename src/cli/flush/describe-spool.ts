import { isAppError } from '../../domain/app-error.ts'
import { formatLocalTime } from '../../domain/local-time.ts'
import { readLedger } from '../spool/ledger.ts'
import { fingerprintOf, type ReportKind } from '../spool/report.ts'
import type { Spool } from '../spool/spool.ts'

/** A spooled report for people and programs. */
export type ListedReport = {
  file: string
  kind: ReportKind
  /** Empty where the file is damaged. */
  set: string
  server: string
  spooled_at: string
  bytes: number
  /** Whether it was spooled under the key that is given now, under another one, or nobody can tell. */
  key: 'present' | 'other' | 'unknown'
  /** Why it is still there, as far as an attempt was made. */
  reason: string
}

/** What is spooled, in the order of delivery, and how many files were put aside. `key` is the present agent key. */
export async function describeSpool(
  spool: Spool,
  key: string | undefined,
): Promise<{ reports: ListedReport[]; refused: number }> {
  const ledger = await readLedger(spool.folder)
  const [trouble] = Object.values(ledger.servers).toSorted((one, other) => other.notBefore - one.notBefore)
  const reports: ListedReport[] = []
  for (const { name, kind, bytes, writtenAt } of await spool.measure()) {
    const report = await spool.read(name).catch((error: unknown) => {
      if (isAppError(error, 'invalid')) return error
      throw error
    })
    const about = { file: name, kind, bytes, spooled_at: localTime(writtenAt) }
    if (report instanceof Error) reports.push({ ...about, set: '', server: '', key: 'unknown', reason: report.message })
    else if (report) {
      reports.push({
        ...about,
        set: report.set,
        server: report.server,
        spooled_at: localTime(report.spooledAt),
        key: keyOf(report.keyFingerprint, key),
        reason: ledger.reports[name]?.reason ?? trouble?.reason ?? '',
      })
    }
  }
  return { reports, refused: (await spool.measure('refused')).length }
}

function keyOf(fingerprint: string, key: string | undefined): ListedReport['key'] {
  if (key === undefined) return 'unknown'
  return fingerprint === fingerprintOf(key) ? 'present' : 'other'
}

function localTime(at: number): string {
  const whole = Math.round(at)
  return formatLocalTime({ at: whole, offsetMinutes: -new Date(whole).getTimezoneOffset() })
}
