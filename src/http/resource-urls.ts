import { type ResourceLink, toResourceLink } from '../wire/links.ts'
import type { Call } from './operation.ts'

type Caller = Pick<Call, 'publicUrl'>

/** Where an account is, absolute. */
export function accountUrl(call: Caller, username: string): string {
  return `${call.publicUrl()}/v1/accounts/${encodeURIComponent(username)}`
}

/** Where a partner is, absolute. */
export function partnerUrl(call: Caller, username: string): string {
  return `${call.publicUrl()}/v1/partners/${encodeURIComponent(username)}`
}

/** Links to what is below a resource, each under its own name. */
export function linksBelow(url: string, titles: readonly string[]): ResourceLink[] {
  return titles.map(title => toResourceLink(title, `${url}/${title}`))
}
