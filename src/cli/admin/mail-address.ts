import { readSetting } from './read-setting.ts'

/**
 * The address of which `local` is the part before the `@`; undefined where the settings name no domain for mail. Throws
 * `invalid` for settings that are wrong.
 */
export function toMailAddress(local: string): string | undefined {
  const [domain] = readSetting('smtpDomains')
  return domain === undefined ? undefined : `${local}@${domain}`
}
