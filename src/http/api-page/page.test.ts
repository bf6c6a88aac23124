import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { aServer } from '../../../test/support/a-server.ts'
import { buildOpenApi } from '../openapi/document.ts'
import { describedOperations } from '../routes/description.ts'
import { asDescription, type Description } from './description.ts'
import { writeApiPage } from './page.ts'

const describeApi = () => asDescription(buildOpenApi(describedOperations()))
const description = describeApi()
const page = writeApiPage(description, 'https://backup.example.net')
const all = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, path, operation] as const),
)

const attributes = (name: string, text = page) =>
  [...text.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => value)

/** The part of the page about one operation. */
function articleOf(operationId: string): string {
  const start = page.indexOf(`<article id="${operationId}"`)
  return start < 0 ? '' : page.slice(start, page.indexOf('</article>', start))
}

describe('the page has', () => {
  test.each(all)('%s, with its path, scope, parameters and answers', (_, path, operation) => {
    const article = articleOf(operation.operationId)
    expect(article).toContain(`<code>${path}</code>`)
    for (const scope of operation.security.flatMap(one => one['oauth'] ?? [])) expect(article).toContain(scope)
    for (const { name } of operation.parameters ?? []) expect(article).toContain(`<code>${name}</code>`)
    for (const status of Object.keys(operation.responses)) expect(article).toContain(`<th scope="row">${status}</th>`)
  })

  test.each(all.filter(([, path]) => path.startsWith('/v1/')))(
    '%s, with an example in JSON and in XML of whatever is written in both',
    (_, __, { operationId, responses, requestBody }) => {
      const article = articleOf(operationId)
      const contents = [requestBody?.content, responses['200']?.content, responses['201']?.content]
      if (!contents.some(content => content?.['application/xml'])) return
      expect(article).toContain(' in JSON</figcaption>')
      expect(article).toContain('&lt;?xml version=&quot;1.0&quot; encoding=&quot;UTF-8&quot;?&gt;')
    },
  )

  test('every error and every heading of the description', () => {
    for (const { name } of description.tags) expect(page).toContain(`>${name}</h2>`)
    for (const error of ['invalid_request', 'expired_token', 'too_many_requests']) expect(page).toContain(error)
  })

  test('no anchor that leads nowhere, and none twice', () => {
    const ids = attributes('id')
    expect(new Set(ids).size).toBe(ids.length)
    const targets = attributes('href').filter(href => href?.startsWith('#'))
    expect(targets.length).toBeGreaterThan(20)
    expect(targets.filter(href => !ids.includes(href?.slice(1)))).toEqual([])
    expect(attributes('aria-labelledby').filter(id => !ids.includes(id))).toEqual([])
  })

  test('landmarks, a language, a skip link, and headings without a gap', () => {
    expect(page).toMatch(/<html lang="en">/)
    expect(page).toContain('<a class="skip" href="#content">')
    for (const landmark of ['<nav aria-label="Contents">', '<main id="content"']) expect(page).toContain(landmark)
    const levels = [...page.slice(page.indexOf('<main')).matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
    expect(levels.filter(level => level === 1)).toHaveLength(1)
    expect(levels.every((level, index) => index === 0 || level <= (levels[index - 1] ?? 0) + 1)).toBe(true)
  })

  test('no script, no style in an attribute, and nothing to fetch', () => {
    expect(page).not.toMatch(/<script|<img|<link|<iframe|\son[a-z]+=|\sstyle=|javascript:|@import|url\(/i)
  })
})

describe('hostile text', () => {
  const hostile = '</code></style><script>alert(1)</script>" onload="x \' & `'

  test.each<[string, (one: Description) => void]>([
    ['the title', one => (one.info.title = hostile)],
    ['the introduction', one => (one.info.description = hostile)],
    ['a heading', one => one.tags.forEach(tag => (tag.description = hostile))],
    ['a summary', one => forEachOperation(one, operation => (operation.summary = hostile))],
    ['an anchor', one => forEachOperation(one, operation => (operation.operationId = hostile))],
    ['a parameter', one => forEachOperation(one, ({ parameters }) => parameters?.forEach(it => (it.name = hostile)))],
    ['a constant', one => Object.values(one.components.schemas).forEach(schema => (schema.title = hostile))],
    ['an example', one => forEachExample(one, media => (media.example = { page: hostile, links: [], list: [] }))],
  ])('in %s is escaped', (_, change) => {
    const changed = describeApi()
    change(changed)
    expect(writeApiPage(changed, 'https://backup.example.net')).not.toMatch(/<script|" onload/)
  })

  test('in the address of the server is escaped', () => {
    expect(writeApiPage(description, hostile)).not.toMatch(/<script|" onload/)
  })
})

type Operation = (typeof all)[number][2]

function forEachOperation({ paths }: Description, change: (operation: Operation) => void): void {
  for (const methods of Object.values(paths)) Object.values(methods).forEach(change)
}

function forEachExample(one: Description, change: (media: { example?: unknown }) => void): void {
  forEachOperation(one, ({ responses }) => Object.values(responses['200']?.content ?? {}).forEach(change))
}

describe('GET /docs', () => {
  test('is open to everybody, and lets a browser load nothing but its own style', async () => {
    const server = await aServer()
    const answer = await server.get('/docs')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    const policy = String(answer.headers['content-security-policy'])
    const style = /<style>([^]*)<\/style>/.exec(answer.body)?.[1] ?? ''
    expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}';`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })

  test('shows the address by which it was reached, and is not sent again to whoever has it', async () => {
    const server = await aServer({ publicUrl: null })
    const ask = (host: string, headers = {}) => server.get('/docs', { headers: { host, ...headers } })
    const [one, other] = [await ask('one.example'), await ask('other.example')]
    expect(one.body).toContain('URL=http://one.example\n')
    expect(other.body).toContain('URL=http://other.example\n')
    expect((await ask('one.example', { 'if-none-match': String(one.headers['etag']) })).statusCode).toBe(304)
  })

  test('is what the metadata of the server leads to', async () => {
    const server = await aServer()
    const { service_documentation } = (await server.get('/.well-known/oauth-authorization-server')).json<{
      service_documentation: string
    }>()
    expect(service_documentation).toBe('https://backup.example.net/docs')
  })
})
