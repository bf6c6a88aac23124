import { type Static, Type } from 'typebox'
import { ResourceLink } from './links.ts'

/** The reports that there are over a computer, an account or a partner, each as a link. */
export const ReportLinks = Type.Object(
  { links: Type.Array(ResourceLink) },
  { title: 'ReportLinks', xml: { name: 'reports' } },
)

export type ReportLinks = Static<typeof ReportLinks>
