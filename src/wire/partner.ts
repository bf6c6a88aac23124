import { type Static, Type } from 'typebox'
import type { Partner as DomainPartner } from '../domain/tree.ts'
import { toDateText } from './backup-status.ts'
import { ResourceLink } from './links.ts'
import { Count, DateText } from './schema.ts'

/** A partner. */
export const Partner = Type.Object(
  {
    partner_id: Count(),
    username: Type.String(),
    name: Type.String(),
    company: Type.String(),
    email: Type.String(),
    phone: Type.String(),
    signup_date: DateText({ description: 'In UTC: a partner has no time zone.' }),
    usage: Count({ description: 'How many bytes the newest good backups of everything below it have together.' }),
    links: Type.Array(ResourceLink),
  },
  { title: 'Partner', xml: { name: 'partner' } },
)

export type Partner = Static<typeof Partner>

/** What can be changed of a partner, as it is. */
export const PartnerInfo = Type.Object(
  { name: Type.String(), company: Type.String(), email: Type.String(), phone: Type.String() },
  { title: 'PartnerInfo', xml: { name: 'partner' } },
)

export type PartnerInfo = Static<typeof PartnerInfo>

/** What of a partner is changed; what is left out stays. */
export const PartnerChange = Type.Object(
  {
    name: Type.Optional(Type.String()),
    company: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    phone: Type.Optional(Type.String()),
  },
  { title: 'PartnerChange', additionalProperties: false, xml: { name: 'partner' } },
)

/** A partner, with what the backups below it take up and the links to what belongs to it. */
export function toPartner(partner: DomainPartner, usage: number, links: ResourceLink[]): Partner {
  const { id, username, createdAt } = partner
  return {
    partner_id: id,
    username,
    ...toPartnerInfo(partner),
    signup_date: toDateText(createdAt, null, 'UTC'),
    usage,
    links,
  }
}

/** What can be changed of a partner. */
export function toPartnerInfo({ name, company, email, phone }: DomainPartner): PartnerInfo {
  return { name, company, email, phone }
}
