import type { Json } from './schemas.ts'

const fields = {
  'RateLimit-Limit': 'How many requests a minute the caller may make.',
  'RateLimit-Remaining': 'How many of them are left.',
  'RateLimit-Reset': 'In how many seconds there are all of them again.',
}

const nameOf = (field: string) => field.replaceAll('-', '')

/** The header fields that tell what is left of the caller's limit: each described once, and referred to by answers. */
export const rateLimitHeaders: { describe: Json; refer: Json } = {
  describe: Object.fromEntries(
    Object.entries(fields).map(([field, description]) => [
      nameOf(field),
      { description, schema: { type: 'integer', minimum: 0 } },
    ]),
  ),
  refer: Object.fromEntries(
    Object.keys(fields).map(field => [field, { $ref: `#/components/headers/${nameOf(field)}` }]),
  ),
}
