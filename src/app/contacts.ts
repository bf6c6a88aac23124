import { parseEmail, parsePhone } from '../domain/contact.ts'
import { longestName, parseLine, parseName } from '../domain/text.ts'

/** What somebody says of a customer, a partner or a person; an empty text says that it is not known. */
export type GivenContact = {
  name?: string | undefined
  company?: string | undefined
  email?: string | undefined
  phone?: string | undefined
}

/** Checks what is given, and answers that alone. Throws `invalid`, naming the member. */
export function parseContact({ name, company, email, phone }: GivenContact) {
  return {
    ...(name !== undefined && { name: parseName(name, 'name') }),
    ...(company !== undefined && { company: parseLine(company, 'company', longestName) }),
    ...(email !== undefined && { email: parseEmail(email, 'email') }),
    ...(phone !== undefined && { phone: parsePhone(phone, 'phone') }),
  }
}
