import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMailAddress, toComparableDomain } from './mail-address.ts'

const uuid = '0c3cedb5-cc69-4f3c-9d5b-dfe6cb76b607'
const pingKey = '-xn0rJ3h_3bEMGbFc_7-LQ'
const domains = ['mail.example.net', 'büro.example']
const read = (address: string) => readMailAddress(address, domains)

test.each([
  [`${uuid}@mail.example.net`, { kind: 'set', pingId: uuid }],
  [`${uuid.toUpperCase()}@MAIL.Example.NET`, { kind: 'set', pingId: uuid }],
  [`${uuid}@mail.example.net.`, { kind: 'set', pingId: uuid }],
  [`${uuid}@xn--bro-hoa.example`, { kind: 'set', pingId: uuid }],
  [`${pingKey}@mail.example.net`, { kind: 'computer', pingKey, slug: null }],
  [`${pingKey}+documents@mail.example.net`, { kind: 'computer', pingKey, slug: 'documents' }],
  [`${pingKey}+Office-PCs_2@mail.example.net`, { kind: 'computer', pingKey, slug: 'office-pcs_2' }],
  [`${pingKey}+@mail.example.net`, { kind: 'unknown' }],
  [`${pingKey}x@mail.example.net`, { kind: 'unknown' }],
  [`${uuid}+documents@mail.example.net`, { kind: 'unknown' }],
  ['root@mail.example.net', { kind: 'unknown' }],
  ['@mail.example.net', { kind: 'unknown' }],
  [`${uuid}@example.net`, { kind: 'other-domain' }],
  [`${uuid}@evil.mail.example.net`, { kind: 'other-domain' }],
  [`${uuid}@mail.example.net@example.org`, { kind: 'other-domain' }],
  [uuid, { kind: 'other-domain' }],
  ['', { kind: 'other-domain' }],
])('%s', (address, named) => {
  expect(read(address)).toEqual(named)
})

test('whatever stands before another domain, nothing is named', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.domain(), (local, domain) => {
      fc.pre(!domains.includes(toComparableDomain(domain)))
      expect(read(`${local}@${domain}`)).toEqual({ kind: 'other-domain' })
    }),
  )
})

test('any text is read', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void read(text)))
})
