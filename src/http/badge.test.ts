import fc from 'fast-check'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { type CheckStatus, checkStatuses } from '../domain/check.ts'
import { type BadgeStatus, countChecks, drawBadge } from './badge.ts'

describe('a badge', () => {
  test.each<[CheckStatus[], BadgeStatus, BadgeStatus]>([
    [['up', 'grace', 'down', 'new'], 'down', 'down'],
    [['up', 'grace', 'new'], 'up', 'late'],
    [['up', 'new', 'paused'], 'up', 'up'],
    [['new', 'paused'], 'new', 'new'],
    [['paused', 'paused'], 'paused', 'paused'],
    [[], 'new', 'new'],
  ])('of %j says %s with two states, %s with three', (statuses, two, three) => {
    expect(countChecks(statuses, 2).status).toBe(two)
    expect(countChecks(statuses, 3).status).toBe(three)
  })

  test('counts what it stands for', () => {
    const statuses = ['up', 'grace', 'down', 'down', 'new'] as const
    expect(countChecks(statuses, 3)).toEqual({ status: 'down', total: 5, grace: 1, down: 2 })
  })

  test('says up only where something is up and nothing is down', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...checkStatuses)), statuses => {
        const isUp = countChecks(statuses, 3).status === 'up'
        expect(isUp).toBe(statuses.includes('up') && !statuses.includes('down') && !statuses.includes('grace'))
      }),
    )
  })

  test('is told to shields.io in its own words', () => {
    const { contentType, text } = drawBadge('shields', 'acme', countChecks(['grace'], 3))
    expect(contentType).toBe('application/json')
    expect(JSON.parse(text)).toEqual({ schemaVersion: 1, label: 'acme', message: 'late', color: 'important' })
  })

  test('is well-formed SVG whatever its label is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ unit: 'binary' }), (label, more) => {
        const { text } = drawBadge('svg', `${label}<script>${more}"&`, countChecks(['up'], 2))
        expect(XMLValidator.validate(text)).toBe(true)
        expect(text).not.toContain('<script')
      }),
    )
  })
})
