import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'

/** A token, 43 URL-safe characters: 256 bits that nobody can guess. */
export const mintToken = (): string => randomBytes(32).toString('base64url')

/** An agent key: a token that says what it is. */
export const mintAgentKey = (): string => `lgk_${mintToken()}`

/** An API key: 32 characters, as the clients of Healthchecks demand, that say what it is and hold 168 bits. */
export const mintApiKey = (): string => `lgr_${randomBytes(21).toString('base64url')}`

/** A client id or secret as the vendor's are: 32 hexadecimal digits. */
export const mintHexSecret = (): string => randomBytes(16).toString('hex')

/** A ping key as that of Healthchecks: 22 URL-safe characters, 128 bits. */
export const mintPingKey = (): string => randomBytes(16).toString('base64url')

/** The UUID of a ping URL, in lower case: 122 bits that nobody can guess. */
export const mintPingId = (): string => randomUUID()

/** What messages are signed with, as Standard Webhooks has it: 192 bits behind a word that says what it is. */
export const mintSigningSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`

/** What is stored of a secret: its SHA-256 in lower-case hexadecimal digits. Secrets as long as ours need no salt. */
export const hashSecret = (secret: string): string => hash('sha256', secret)

/** Whether two hashes are equal, in a time that does not tell how much of them is. Either may be any text. */
export function equalHashes(one: string, other: string): boolean {
  const [bytes, others] = [Buffer.from(one), Buffer.from(other)]
  return bytes.length === others.length && timingSafeEqual(bytes, others)
}
