import type { PingServer } from './ping-conformance.ts'

/** One row of the protocol: what is asked and what has to be answered. `body` is empty for HEAD. */
export type PingRow = {
  name: string
  method?: string
  /** Behind what ping URLs begin with. */
  path: string
  type?: string
  sends?: string | Uint8Array<ArrayBuffer>
  isHttp10?: boolean
  status: number
  body: string
}

const rid = '123e4567-e89b-12d3-a456-426614174000'
const nobody = '00000000-0000-4000-8000-000000000000'
const noKey = 'AAAAAAAAAAAAAAAAAAAAAA'
const noSlug = 'lastgood-conformance-no-such-slug'

const ok = { status: 200, body: 'OK' }
const notFound = { status: 404, body: 'not found' }
const invalidUrl = { status: 400, body: 'invalid url format' }
const invalidRid = { status: 400, body: 'invalid uuid format' }

/** Every row that can be checked with what is given of a server; the last leaves the check with a success. */
export function pingRows(server: PingServer): PingRow[] {
  const { uuid, pingKey, slug } = server
  return [
    ...signalRows('a UUID', `/${uuid}`),
    ...uuidRows(uuid),
    ...bodyRows(`/${uuid}`),
    ...(pingKey !== undefined && slug !== undefined ? slugRows(pingKey, slug) : []),
    ...(pingKey === undefined ? [] : optionalRows(pingKey, server)),
    { name: 'HTTP/1.0', path: `/${uuid}`, isHttp10: true, ...ok },
    { name: 'the check is left with a success', path: `/${uuid}`, ...ok },
  ]
}

/** The signals and their parameters: the same for both forms of a URL. */
function signalRows(form: string, path: string): PingRow[] {
  return [
    { name: `${form}: success`, path, ...ok },
    { name: `${form}: HEAD`, method: 'HEAD', path, status: 200, body: '' },
    { name: `${form}: POST`, method: 'POST', path, ...ok },
    { name: `${form}: start`, path: `${path}/start`, ...ok },
    { name: `${form}: fail`, path: `${path}/fail`, ...ok },
    { name: `${form}: log`, path: `${path}/log`, ...ok },
    { name: `${form}: exit status 0`, path: `${path}/0`, ...ok },
    { name: `${form}: exit status 255`, path: `${path}/255`, ...ok },
    { name: `${form}: exit status 256`, path: `${path}/256`, ...invalidUrl },
    { name: `${form}: start with a rid`, path: `${path}/start?rid=${rid}`, ...ok },
    { name: `${form}: success with the rid in capitals`, path: `${path}?rid=${rid.toUpperCase()}`, ...ok },
    { name: `${form}: rid that is no UUID`, path: `${path}?rid=no-uuid`, ...invalidRid },
    { name: `${form}: rid without hyphens`, path: `${path}?rid=${rid.replaceAll('-', '')}`, ...invalidRid },
    { name: `${form}: empty rid`, path: `${path}?rid=`, ...invalidRid },
    { name: `${form}: parameter that nobody knows`, path: `${path}?nobody=knows`, ...ok },
  ]
}

function uuidRows(uuid: string): PingRow[] {
  return [
    { name: 'a UUID with a slash behind it', path: `/${uuid}/`, ...ok },
    { name: 'an unknown UUID', path: `/${nobody}`, ...notFound },
    { name: 'an unknown UUID, by POST', method: 'POST', sends: 'x', path: `/${nobody}/fail`, ...notFound },
    { name: 'an unknown UUID with a bad exit status', path: `/${nobody}/256`, ...notFound },
    { name: 'an unknown UUID with a bad rid', path: `/${nobody}?rid=no-uuid`, ...notFound },
    { name: 'a UUID without hyphens', path: `/${uuid.replaceAll('-', '')}`, ...notFound },
  ]
}

function bodyRows(path: string): PingRow[] {
  const post = { method: 'POST', path: `${path}/log`, ...ok }
  return [
    { name: 'a body of text', ...post, type: 'text/plain', sends: 'all went well\n' },
    { name: 'a body that curl calls a form', ...post, type: 'application/x-www-form-urlencoded', sends: 'a=b&c=%zz' },
    { name: 'a body that is called JSON and is none', ...post, type: 'application/json', sends: '{' },
    { name: 'a body of parts without a boundary', ...post, type: 'multipart/form-data', sends: '--x' },
    { name: 'a body that is no UTF-8', ...post, type: 'text/plain', sends: Uint8Array.of(0xff, 0xfe, 0, 0x80) },
    { name: 'a body over the limit', ...post, type: 'text/plain', sends: 'x'.repeat(1_500_000) },
    { name: 'a body by PUT', ...post, method: 'PUT', sends: 'all went well' },
  ]
}

function slugRows(pingKey: string, slug: string): PingRow[] {
  return [
    ...signalRows('a slug', `/${pingKey}/${slug}`),
    { name: 'a slug that is there, and may be made', path: `/${pingKey}/${slug}?create=1`, ...ok },
    { name: 'a slug with capitals', path: `/${pingKey}/${slug.toUpperCase()}X`, ...invalidUrl },
    { name: 'a slug with capitals of an unknown ping key', path: `/${noKey}/${slug.toUpperCase()}X`, ...invalidUrl },
    { name: 'an unknown ping key', path: `/${noKey}/${slug}`, ...notFound },
    { name: 'an unknown ping key that may make a slug', path: `/${noKey}/${slug}?create=1`, ...notFound },
    { name: 'an unknown slug', path: `/${pingKey}/${noSlug}`, ...notFound },
    { name: 'an unknown slug and another create', path: `/${pingKey}/${noSlug}?create=2`, ...notFound },
  ]
}

/** What needs slugs that somebody has to prepare. */
function optionalRows(pingKey: string, { newSlug, ambiguousSlug }: PingServer): PingRow[] {
  const made = newSlug === undefined ? undefined : `/${pingKey}/${newSlug}?create=1&rid=${rid}`
  return [
    ...(made === undefined
      ? []
      : [
          { name: 'a new slug is made', path: made, status: 201, body: 'Created' },
          { name: 'a slug that was made is there', path: made, ...ok },
        ]),
    ...(ambiguousSlug === undefined
      ? []
      : [
          {
            name: 'a slug of several checks',
            path: `/${pingKey}/${ambiguousSlug}`,
            status: 409,
            body: 'ambiguous slug',
          },
        ]),
  ]
}
