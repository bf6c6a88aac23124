import { describe, expect, test } from 'vitest'
import { readPingPath } from './ping-path.ts'

const pingId = '5d5a8f0e-6c0b-4c0a-9d1c-0a1b2c3d4e5f'
const pingKey = 'aBcDeFgHiJkLmNoPqRsT-_'

const signals = [
  ['', 'success', null],
  ['/start', 'start', null],
  ['/fail', 'fail', null],
  ['/log', 'log', null],
  ['/0', 'success', 0],
  ['/000', 'success', 0],
  ['/1', 'fail', 1],
  ['/255', 'fail', 255],
  ['/256', 'fail', 256],
] as const

describe('a path', () => {
  test.each(signals)('of a UUID and %j', (suffix, kind, exitStatus) => {
    expect(readPingPath(pingId + suffix)).toEqual({ form: 'id', pingId, kind, exitStatus })
  })

  test.each(signals)('of a ping key, a slug and %j', (suffix, kind, exitStatus) => {
    const path = readPingPath(`${pingKey}/nas01_documents-2${suffix}`)
    expect(path).toEqual({ form: 'slug', pingKey, slug: 'nas01_documents-2', kind, exitStatus })
  })

  test('of a UUID may end with a slash', () => {
    expect(readPingPath(`${pingId}/`)).toMatchObject({ form: 'id', kind: 'success' })
  })

  test.each(['begin', '-1', 'log-1'])('whose second part is no signal is one of a ping key: %s', slug => {
    expect(readPingPath(`${pingId}/${slug}`)).toMatchObject({ form: 'slug', pingKey: pingId, slug })
  })

  test.each([
    '',
    '/',
    'x',
    pingId.toUpperCase(),
    pingId.replaceAll('-', ''),
    `${pingId}//start`,
    `${pingId}/start/`,
    `${pingId}/1.5`,
    `/${pingId}`,
    `${pingKey}/slug/`,
    `${pingKey}/slug/finish`,
    `${pingKey}/slug/start/1`,
    `${pingKey}/sl ug`,
    `${pingKey}/sl%2Fug`,
    `${pingKey}/büro`,
    `${pingId}\n`,
  ])('is not %j', path => {
    expect(readPingPath(path)).toBe('not found')
  })

  test.each([`${pingKey}/Documents`, `${pingKey}/documentS/start`, `${pingKey}/${'a'.repeat(101)}`])(
    'has no such slug: %s',
    path => {
      expect(readPingPath(path)).toBe('invalid url format')
    },
  )
})
