import { AppError } from './app-error.ts'

/** How long a password is, in characters: long enough to be guessed by nobody who may try a few times a minute. */
export const shortestPassword = 12
export const longestPassword = 200

/**
 * Checks a new password of somebody. Length counts, and no composition is asked for (NIST SP 800-63B, 3.1.1.2); what says nothing
 * but the username, or the same few characters again and again, is refused. Throws `invalid`.
 */
export function parsePassword(text: string, username: string): string {
  const { length } = Array.from(text)
  if (length < shortestPassword || length > longestPassword) {
    throw new AppError(
      'invalid',
      `The password must have from ${shortestPassword} to ${longestPassword} characters; a few words in a row do well.`,
    )
  }
  const left = text.toLowerCase().replaceAll(username.toLowerCase(), '').replaceAll('lastgood', '')
  if (new Set(left).size < 5) {
    throw new AppError('invalid', 'The password is too easily guessed: choose a few words that do not belong together.')
  }
  return text
}
