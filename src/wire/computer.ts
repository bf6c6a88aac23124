import { type Static, Type } from 'typebox'
import { AppError } from '../domain/app-error.ts'
import type { Computer as KnownComputer } from '../domain/tree.ts'
import { toDateText } from './backup-status.ts'
import { buildCheck } from './check.ts'
import { wireComputerStatuses } from './constants.ts'
import { ResourceLink, SelfLink } from './links.ts'
import { Constant, Count, DateText } from './schema.ts'
import { compileUpperCase, isRecord } from './upper-case.ts'

const members = {
  username: Type.String(),
  computer_id: Type.String(),
  signup_date: DateText({ description: 'When it was added, on its own clock.' }),
  status: Constant(Object.values(wireComputerStatuses)),
  usage: Count({ description: 'The bytes of the newest good backup of each of its sets.' }),
  name: Type.String(),
  email: Type.String(),
  phone: Type.String(),
}

/** A computer (vendor's page "Computer"). Of one that was deleted nothing is left to link to. */
export const Computer = Type.Object(
  { ...members, links: Type.Array(ResourceLink) },
  { title: 'Computer', xml: { name: 'computer' } },
)

export type Computer = Static<typeof Computer>

/** A computer in a list. */
export const ComputerRow = Type.Object(
  { ...members, link: SelfLink },
  { title: 'ComputerRow', xml: { name: 'computer' } },
)

export type ComputerRow = Static<typeof ComputerRow>

/** The members of a computer, as it is alone and in a list; `usage` is in bytes. */
export function toComputer(computer: KnownComputer, usage: number): Omit<Computer, 'links'> {
  const { username, computerId, status, name, email, phone, createdAt, timeZone } = computer
  return {
    username,
    computer_id: computerId,
    signup_date: toDateText(createdAt, null, timeZone),
    status: wireComputerStatuses[status],
    usage,
    name,
    email,
    phone,
  }
}

/** What a new computer is told to be. */
export const NewComputer = Type.Object(
  {
    name: Type.String(),
    email: Type.Optional(Type.String()),
    phone: Type.Optional(Type.String()),
    time_zone: Type.Optional(Type.String({ description: "Empty or left out: its account's." })),
  },
  { title: 'NewComputer', additionalProperties: false, xml: { name: 'computer' } },
)

/** What can be changed of a computer (vendor's page "Computer Info"; the time zone and the status are ours). */
export const ComputerInfo = Type.Object(
  {
    name: Type.String(),
    email: Type.String(),
    phone: Type.String(),
    time_zone: Type.String({ description: "Empty: its account's." }),
    status: Constant([wireComputerStatuses.active, wireComputerStatuses.disabled]),
  },
  { title: 'ComputerInfo', additionalProperties: false, xml: { name: 'computer' } },
)

export type ComputerInfo = Static<typeof ComputerInfo>

/** What can be changed of a computer, as it is. */
export function toComputerInfo({ name, email, phone, ownTimeZone, status }: KnownComputer): ComputerInfo {
  const isActive = status === 'active'
  const { active, disabled } = wireComputerStatuses
  return { name, email, phone, time_zone: ownTimeZone ?? '', status: isActive ? active : disabled }
}

/** A change of a computer: what is left out stays as it is. */
export const ComputerInfoChange = Type.Partial(ComputerInfo, {
  title: 'ComputerInfoChange',
  additionalProperties: false,
  xml: { name: 'computer' },
})

export type ComputerInfoChange = Static<typeof ComputerInfoChange>

const [checkChange, toUpperCase] = [
  buildCheck(ComputerInfoChange, 'The computer'),
  compileUpperCase(ComputerInfoChange),
]

/** Reads a change of a computer; the status in any letter case. Throws `invalid`, naming the member. */
export function readComputerInfoChange(value: unknown): ComputerInfoChange {
  const change = toUpperCase(value)
  if (isRecord(change) && change['status'] === wireComputerStatuses.deleted) {
    throw new AppError('invalid', 'status must be ACTIVE or DISABLED; to delete the computer, send DELETE to it.')
  }
  return checkChange(change)
}
