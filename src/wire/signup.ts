import { type Static, Type } from 'typebox'
import { type SelfLink, SelfLink as SelfLinkSchema } from './links.ts'
import { Constant, Count } from './schema.ts'

/** What somebody signs up as. */
export const signupTypes = ['ACCOUNT', 'PARTNER'] as const

/** One row of what hangs below a partner (vendor's page "Signups"). */
export const Signup = Type.Object(
  {
    username: Type.String(),
    name: Type.String(),
    company: Type.String(),
    type: Constant(signupTypes),
    usage: Count({ description: 'How many bytes the newest good backups of it have together.' }),
    link: SelfLinkSchema,
  },
  { title: 'Signup', xml: { name: 'signup' } },
)

export type Signup = Static<typeof Signup>

/** The row of an account or a partner. */
export function toSignup(
  { username, name, company, type }: { username: string; name: string; company: string; type: 'account' | 'partner' },
  usage: number,
  link: SelfLink,
): Signup {
  return { username, name, company, type: type === 'account' ? 'ACCOUNT' : 'PARTNER', usage, link }
}
