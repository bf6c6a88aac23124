import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { ResourceLink, SelfLink, toResourceLink, toSelfLink } from './links.ts'
import { ListOf } from './list.ts'
import { compileXmlWriter } from './xml.ts'

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
const base = 'https://backup.example.net/v1/accounts/acme'

test('the links of a resource are an array in JSON and bare elements in XML, their members in one order', () => {
  const Resource = Type.Object({ links: Type.Array(ResourceLink) }, { xml: { name: 'account' } })
  const value = { links: [toResourceLink('info', `${base}/info`), toResourceLink('reports', `${base}/reports`)] }
  expect(JSON.stringify(value.links[0])).toBe(
    '{"title":"info","rel":"related","href":"https://backup.example.net/v1/accounts/acme/info"}',
  )
  expect(compileXmlWriter(Resource)(value)).toBe(
    `${declaration}<account>` +
      '<link title="info" rel="related" href="https://backup.example.net/v1/accounts/acme/info"/>' +
      '<link title="reports" rel="related" href="https://backup.example.net/v1/accounts/acme/reports"/>' +
      '</account>',
  )
})

test('the link of a row is one object in JSON and one element in XML', () => {
  const Row = Type.Object({ username: Type.String(), link: SelfLink }, { xml: { name: 'signup' } })
  const row = { username: 'acme', link: toSelfLink(base) }
  expect(JSON.stringify(row)).toBe(
    '{"username":"acme","link":{"rel":"self","href":"https://backup.example.net/v1/accounts/acme"}}',
  )
  expect(compileXmlWriter(ListOf(Row))({ page: 1, page_size: 1, count: 1, links: [], list: [row] })).toBe(
    `${declaration}<list page="1" page_size="1" count="1">` +
      '<signup><username>acme</username><link rel="self" href="https://backup.example.net/v1/accounts/acme"/></signup>' +
      '</list>',
  )
})

test('an address is escaped as an attribute', () => {
  const Resource = Type.Object({ link: SelfLink }, { xml: { name: 'row' } })
  expect(compileXmlWriter(Resource)({ link: toSelfLink('https://h/?a=1&b="<\n') })).toBe(
    `${declaration}<row><link rel="self" href="https://h/?a=1&amp;b=&quot;&lt;&#10;"/></row>`,
  )
})
