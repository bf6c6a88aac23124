import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { AppError } from '../domain/app-error.ts'
import type { SmtpSettings } from './context.ts'

/** A certificate and its key in PEM. */
export type Certificate = { cert: string; key: string }

/** Reads the certificate of the settings. Throws `invalid`, naming the files, when it cannot be used. */
export function readCertificate({ certificateFile, keyFile }: NonNullable<SmtpSettings['tls']>): Certificate {
  try {
    const certificate = { cert: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
    createSecureContext(certificate)
    return certificate
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new AppError(
      'invalid',
      `LASTGOOD_SMTP_TLS_CERT (${certificateFile}) and LASTGOOD_SMTP_TLS_KEY (${keyFile}) cannot be used: ${why}.`,
      { cause: error },
    )
  }
}
