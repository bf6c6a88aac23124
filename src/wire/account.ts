import { type Static, Type } from 'typebox'
import { mostKeptDays } from '../domain/retention.ts'
import type { Account as DomainAccount } from '../domain/tree.ts'
import { toDateText } from './backup-status.ts'
import { wireAccountStatuses } from './constants.ts'
import { ResourceLink } from './links.ts'
import { Constant, Count, DateText } from './schema.ts'

const statuses = Object.values(wireAccountStatuses)

const Days = (description: string) =>
  Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 0, maximum: mostKeptDays, description })
const days = {
  run_days: Days('How many days its runs are kept, 31 at least, 0 for ever; null, in XML empty: as the server says.'),
  log_days: Days('How many days its logs are kept, 0 as long as the runs; null, in XML empty: as the server says.'),
}
const optionalDays = { run_days: Type.Optional(days.run_days), log_days: Type.Optional(days.log_days) }

/** An account (vendor's page "Accounts"). */
export const Account = Type.Object(
  {
    account_id: Count(),
    username: Type.String(),
    signup_date: DateText({ description: 'On the clock of the account.' }),
    status: Constant(statuses),
    usage: Count({ description: 'How many bytes the newest good backups of its backup sets have together.' }),
    reference_code: Type.String({ description: 'What the partner calls it in its own books.' }),
    links: Type.Array(ResourceLink),
  },
  { title: 'Account', xml: { name: 'account' } },
)

export type Account = Static<typeof Account>

/** What can be changed of an account, as it is. */
export const AccountInfo = Type.Object(
  {
    reference_code: Type.String({ description: 'What the partner calls it in its own books.' }),
    name: Type.String(),
    company: Type.String(),
    email: Type.String(),
    phone: Type.String(),
    time_zone: Type.String({ description: 'The IANA time zone of its computers.' }),
    status: Constant(statuses),
    accepts_new_sets: Type.Boolean({ description: 'Whether the first report of an unknown backup set adds it.' }),
    ...days,
  },
  { title: 'AccountInfo', xml: { name: 'account' } },
)

export type AccountInfo = Static<typeof AccountInfo>

/** What of an account is changed; what is left out stays. */
export const AccountChange = Type.Object(
  {
    reference_code: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    company: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    phone: Type.Optional(Type.String()),
    time_zone: Type.Optional(Type.String()),
    status: Type.Optional(
      Constant(statuses, { description: 'CANCELED only where it is that already: a cancellation cancels.' }),
    ),
    accepts_new_sets: Type.Optional(Type.Boolean()),
    ...optionalDays,
  },
  { title: 'AccountChange', additionalProperties: false, xml: { name: 'account' } },
)

export type AccountChange = Static<typeof AccountChange>

/** An account to be made. */
export const NewAccount = Type.Object(
  {
    username: Type.String({ description: 'Taken by no other account or partner of the installation.' }),
    name: Type.Optional(Type.String({ description: 'Left out: the username.' })),
    company: Type.Optional(Type.String()),
    email: Type.Optional(Type.String()),
    phone: Type.Optional(Type.String()),
    time_zone: Type.Optional(Type.String({ description: 'Left out: UTC.' })),
    reference_code: Type.Optional(Type.String()),
    partner: Type.Optional(
      Type.String({ description: 'The partner whose customer it is; left out: the caller’s own.' }),
    ),
    accepts_new_sets: Type.Optional(Type.Boolean({ description: 'Left out: true.' })),
    ...optionalDays,
  },
  { title: 'NewAccount', additionalProperties: false, xml: { name: 'account' } },
)

export type NewAccount = Static<typeof NewAccount>

/** Why an account is canceled. */
export const Cancellation = Type.Object(
  { reason_note: Type.Optional(Type.String()) },
  { title: 'Cancellation', additionalProperties: false, xml: { name: 'cancellation' } },
)

/** An account, with what its backups take up and the links to what belongs to it. */
export function toAccount(
  { id, username, createdAt, timeZone, status, referenceCode }: DomainAccount,
  usage: number,
  links: ResourceLink[],
): Account {
  return {
    account_id: id,
    username,
    signup_date: toDateText(createdAt, null, timeZone),
    status: wireAccountStatuses[status],
    usage,
    reference_code: referenceCode,
    links,
  }
}

/** What can be changed of an account. */
export function toAccountInfo(account: DomainAccount): AccountInfo {
  return {
    reference_code: account.referenceCode,
    name: account.name,
    company: account.company,
    email: account.email,
    phone: account.phone,
    time_zone: account.timeZone,
    status: wireAccountStatuses[account.status],
    accepts_new_sets: account.acceptsNewSets,
    run_days: account.runDays,
    log_days: account.logDays,
  }
}

/** What somebody says of an account in a message. */
export function toGivenAccount(given: Omit<AccountChange, 'status'>) {
  const { name, company, email, phone, time_zone, reference_code, accepts_new_sets, run_days, log_days } = given
  return {
    name,
    company,
    email,
    phone,
    timeZone: time_zone,
    referenceCode: reference_code,
    acceptsNewSets: accepts_new_sets,
    runDays: run_days,
    logDays: log_days,
  }
}
