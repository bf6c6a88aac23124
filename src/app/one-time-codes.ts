import { Secret, TOTP } from 'otpauth'
import { type Instant, seconds } from '../domain/instant.ts'

/** How long a code is the one that is shown (RFC 6238, 5.2). */
const periodSeconds = 30

/** A new secret for one-time codes: 160 bits (RFC 4226, 4) in base32. */
export function mintCodeSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What an authenticator reads from a picture: `otpauth://totp/…`, six digits every thirty seconds by SHA-1, as all of them can. */
export function toAuthenticatorUrl(secret: string, username: string): string {
  return build(secret, username).toString()
}

/**
 * The step of thirty seconds since 1970 that a code is of; undefined when it is wrong. The one before and the one after now
 * are taken, too (RFC 6238, 5.2: clocks differ).
 */
export function findCodeStep(secret: string, code: string, now: Instant): number | undefined {
  const token = code.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return undefined
  const delta = build(secret).validate({ token, timestamp: now, window: 1 })
  return delta === null ? undefined : Math.floor(now / seconds(periodSeconds)) + delta
}

/** The code of a moment: what an authenticator shows. */
export function toCode(secret: string, now: Instant): string {
  return build(secret).generate({ timestamp: now })
}

function build(secret: string, label = 'Lastgood'): TOTP {
  return new TOTP({ issuer: 'Lastgood', label, secret: Secret.fromBase32(secret), digits: 6, period: periodSeconds })
}
