import { type Static, Type } from 'typebox'
import { Constant } from './schema.ts'

/** A link of a resource to another one of its own, which `title` names (vendor's pages of accounts and computers). */
export const ResourceLink = Type.Object(
  {
    title: Type.String({ xml: { attribute: true } }),
    rel: Constant(['related'], { xml: { attribute: true } }),
    href: Type.String({ xml: { attribute: true } }),
  },
  { title: 'ResourceLink', xml: { name: 'link' } },
)

export type ResourceLink = Static<typeof ResourceLink>

/** A link of a row of a list to the resource that the row is about. */
export const SelfLink = Type.Object(
  {
    rel: Constant(['self'], { xml: { attribute: true } }),
    href: Type.String({ xml: { attribute: true } }),
  },
  { title: 'SelfLink', xml: { name: 'link' } },
)

export type SelfLink = Static<typeof SelfLink>

/** The link to what belongs to a resource; `href` is absolute. */
export function toResourceLink(title: string, href: string): ResourceLink {
  return { title, rel: 'related', href }
}

/** The link of a row; `href` is absolute. */
export function toSelfLink(href: string): SelfLink {
  return { rel: 'self', href }
}
