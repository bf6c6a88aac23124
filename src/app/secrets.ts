import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A token, 43 URL-safe characters: 256 bits that nobody can guess. */
export const mintToken = (): string => randomBytes(32).toString('base64url')

/** An agent key: a token that says what it is. */
export const mintAgentKey = (): string => `lgk_${mintToken()}`

/** A client id or secret as the vendor's are: 32 hexadecimal digits. */
export const mintHexSecret = (): string => randomBytes(16).toString('hex')

/** What is stored of a secret: its SHA-256 in lower-case hexadecimal digits. A secret of 128 bits needs no salt. */
export const hashSecret = (secret: string): string => hash('sha256', secret)

/** Whether two hashes are equal, in a time that does not tell how much of them is. */
export function equalHashes(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}
