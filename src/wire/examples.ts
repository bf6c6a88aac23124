import type { TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { usualDate } from './schema.ts'

/** What members and parameters of these names are shown with, wherever they may have that value. */
const known: Record<string, unknown> = {
  username: 'acme',
  computer_id: '0000',
  computer_name: 'File server',
  backupset_name: 'Documents',
  name: 'Documents',
  condition_status: 'COMPLETED',
  condition_types: ['COMPLETED'],
  status: 'SUCCESS',
  type: 'BACKUP',
  local_start: '2026-03-05T01:00:00-05:00',
  local_end: '2026-03-05T01:42:10-05:00',
  date: '2026-03-05',
  time: '2026-03-05T10:00:00-05:00',
  report_date: '2026-03-05T10:00:00-05:00',
  since: '2026-03-01T00:00:00-05:00',
  start_date: '2026-02-01',
  end_date: '2026-03-01',
  signup_date: '2025-11-03T09:30:00-05:00',
  time_zone: 'America/New_York',
  partner: 'north',
  company: 'Acme Corporation',
  email: 'it@acme.example',
  phone: '+1 555 0100',
  reference_code: 'C-1024',
  run_days: 1_095,
  log_days: 30,
  reason_note: 'The contract ended.',
  role: 'TECH',
  schedule: 'cron 0 23 * * *',
  slug: 'documents',
  tool: 'restic',
  grace_minutes: 60,
  early_tolerance_minutes: 15,
  run_limit_minutes: 1_440,
  rpo_minutes: 2_880,
  not_seen_days: 30,
  ping_url: 'https://backup.example.net/ping/5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f',
  agent_key: 'lgk_…',
  title: 'info',
  rel: 'self',
  href: 'https://backup.example.net/v1/accounts/acme/computers/0000',
  url: 'https://backup.example.net/v1/accounts/acme/computers/0000',
  run_key: '5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f',
  action_id: 1_204,
  email_id: 3,
  account_id: 17,
  partner_id: 2,
  entry_id: 531,
  actor: 'client Connector (0123456789abcdef0123456789abcdef)',
  action: 'change account',
  subject: 'account acme',
  member: 'name',
  before: 'Acme',
  after: 'Acme Corporation',
  total_files: 48_210,
  processed_files: 48_210,
  bytes: 73_014_444_032,
  page: 1,
  page_size: 10,
  count: 1,
  policy: { WARNINGS: 'FAILURE' },
  request_id: 'c1d1c975ad-w',
}

type Keywords = {
  examples?: readonly unknown[]
  const?: unknown
  default?: unknown
  enum?: readonly unknown[]
  type?: string | readonly string[]
  minimum?: number
  properties?: Record<string, TSchema>
  items?: TSchema
  anyOf?: readonly TSchema[]
}

/**
 * An example of what a schema describes: its own (the keyword `examples`), else put together from those of its members, optional
 * ones included. `name` is what the member is called. Throws where there is none to be found, naming the member.
 */
export function exampleOf(schema: TSchema, name = 'the message'): unknown {
  const keywords = schema as Keywords
  const { examples, properties, items, anyOf } = keywords
  const [own] = examples ?? []
  if (own !== undefined && own !== usualDate) return own
  if (Object.hasOwn(known, name) && Check(schema, known[name])) return known[name]
  if (own !== undefined) return own
  if (properties) {
    const members = Object.entries(properties).map(([key, member]) => [key, exampleOf(member, key)])
    return Object.fromEntries(members) as unknown
  }
  if (items) return [exampleOf(items, name)]
  if (anyOf?.[0]) return exampleOf(anyOf[0], name)
  const found = ofKeywords(keywords)
  if (found !== undefined) return found
  throw new Error(`Give ${name} an example: the keyword examples of its schema, or a line in wire/examples.ts.`)
}

/** Every example that a schema itself has, else the one that is put together. */
export function examplesOf(schema: TSchema): readonly unknown[] {
  return (schema as Keywords).examples ?? [exampleOf(schema)]
}

function ofKeywords({ const: constant, default: usual, enum: values, type, minimum }: Keywords): unknown {
  if (constant !== undefined) return constant
  if (usual !== undefined) return usual
  const value = values?.find(one => one !== '')
  if (value !== undefined) return value
  const [first] = [type ?? []].flat()
  if (first === 'boolean') return true
  return first === 'integer' || first === 'number' ? Math.max(minimum ?? 0, 0) : undefined
}
