import type { Directory } from '../app/directory.ts'
import type { Clock, Store } from '../app/ports.ts'
import type { Redact } from '../domain/redaction.ts'

/** What the listener for mail is set up with. */
export type SmtpSettings = {
  host: string
  port: number
  /** The domains of the addresses that mail is taken for, as `toComparableDomain` writes them; at least one. */
  domains: readonly string[]
  /** The files of the certificate and its key in PEM, for STARTTLS; null: no TLS. */
  tls: { certificateFile: string; keyFile: string } | null
  /** The largest mail, in bytes. */
  maxBytes: number
  /** Whether a sender that insists on signing in may: with any name and password, which nobody looks at. */
  takesAnyLogin: boolean
}

/** What the listener for mail is handed. */
export type SmtpContext = {
  store: Store
  directory: Directory
  clock: Clock
  settings: SmtpSettings
  redact: Redact
}

/** Where the listener tells what happened. */
export interface SmtpLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}
