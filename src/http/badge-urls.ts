import type { SealedNames } from '../app/sealed-names.ts'
import { badgeFormats } from './badge.ts'

/** The tag that stands for every check. */
export const everything = '*'

/** The addresses of the badges of a tag, in the six forms of Healthchecks: those with a 3 also say that something is late. */
export function toBadgeUrls(names: SealedNames, root: string, apiKeyId: number) {
  const badgeKey = names.badgeKey(apiKeyId)
  return (tag: string): Record<string, string> => {
    const signature = names.signTag(badgeKey, tag)
    const path = tag === everything ? '' : `/${encodeURIComponent(tag)}`
    const forms = badgeFormats.flatMap(format => [
      [format, `${root}/badge/${badgeKey}/${signature}-2${path}.${format}`],
      [`${format}3`, `${root}/badge/${badgeKey}/${signature}${path}.${format}`],
    ])
    return Object.fromEntries(forms) as Record<string, string>
  }
}
