import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildSealedNames } from './sealed-names.ts'

const names = buildSealedNames('a secret')
const key = fc.integer({ min: 1, max: 2 ** 48 - 1 })
const set = fc.record({ id: key, computerKey: key })
const apiKeyId = fc.integer({ min: 1, max: 2 ** 32 - 1 })

describe('sealed names', () => {
  test('read back as what they stand for', () => {
    fc.assert(
      fc.property(set, apiKeyId, ({ id, computerKey }, apiKeyId) => {
        const named = { setId: id, computerKey }
        expect(names.readUniqueKey(names.uniqueKey({ id, computerKey }))).toEqual(named)
        expect(names.readBadge(names.checkBadge(apiKeyId, { id, computerKey }))).toEqual({ apiKeyId, set: named })
        expect(names.readBadge(names.badgeKey(apiKeyId))).toEqual({ apiKeyId, set: undefined })
      }),
    )
  })

  test('have the forms of Healthchecks, and are the same in every process', () => {
    const one = { id: 1, computerKey: 1 }
    expect(names.uniqueKey(one)).toMatch(/^[0-9a-f]{40}$/)
    expect(names.checkBadge(1, one)).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(names.signTag(names.badgeKey(1), 'acme')).toMatch(/^[\w-]{8}$/)
    expect(buildSealedNames('a secret').uniqueKey(one)).toBe(names.uniqueKey(one))
  })

  test('are others with another secret, and mean nothing there', () => {
    const other = buildSealedNames('another secret')
    const one = { id: 1, computerKey: 1 }
    expect(other.uniqueKey(one)).not.toBe(names.uniqueKey(one))
    expect(other.readUniqueKey(names.uniqueKey(one))).toBeUndefined()
  })

  test('of whatever text, a unique key is read only from one that was made', () => {
    const digits = fc.stringMatching(/^[0-9a-f]{40}$/)
    fc.assert(
      fc.property(fc.oneof(fc.string(), digits), text => {
        expect(names.readUniqueKey(text)).toBeUndefined()
        expect(() => names.readBadge(text)).not.toThrow()
      }),
    )
  })

  test('a signature is that of one tag and one badge key', () => {
    const [badgeKey, other] = [names.badgeKey(1), names.badgeKey(2)]
    const signature = names.signTag(badgeKey, 'acme')
    expect(names.isSigned(badgeKey, 'acme', signature)).toBe(true)
    expect(names.isSigned(badgeKey, '*', signature)).toBe(false)
    expect(names.isSigned(other, 'acme', signature)).toBe(false)
    for (const other of ['', 'x'.repeat(8), 'ü'.repeat(8), '\uD800'.repeat(8)]) {
      expect(names.isSigned(badgeKey, 'acme', other)).toBe(false)
    }
  })
})
