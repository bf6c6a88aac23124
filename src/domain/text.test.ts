import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { longestLog, longestName, parseName, parseUsername, toKeptLog, toStorableText } from './text.ts'

describe('a name', () => {
  test.each([
    ['is kept as it is', 'Büro – Süd (1)', 'Büro – Süd (1)'],
    ['is trimmed', '  Documents\u00a0', 'Documents'],
    ['is normalized, so that equal looks are equal names', 'Bu\u0308ro', 'Büro'],
    ['may be emoji and right-to-left text', '🗄️ ملفات', '🗄️ ملفات'],
    ['may have 255 characters', 'x'.repeat(longestName), 'x'.repeat(longestName)],
  ])('%s', (_, text, name) => {
    expect(parseName(text, 'name')).toBe(name)
  })

  test.each([
    ['empty', ''],
    ['blank', ' \t '],
    ['too long', 'x'.repeat(longestName + 1)],
    ['with a line end', 'a\nb'],
    ['with NUL', 'a\0b'],
    ['with an escape', 'a\u001b[31m'],
    ['with a lone surrogate', 'a\ud800'],
    ['with a noncharacter', 'a\uffff'],
  ])('%s is refused by the name of its member', (_, text) => {
    expect(() => parseName(text, 'backupset_name')).toThrow(/^backupset_name must/)
  })

  test('that was accepted is accepted again as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => {
        let name: string
        try {
          name = parseName(text, 'name')
        } catch {
          return
        }
        expect(parseName(name, 'name')).toBe(name)
      }),
    )
  })
})

describe('a username', () => {
  test.each(['acme', 'A', '0000', 'it@acme.example', 'a-b_c.d', 'x'.repeat(64)])('%s is accepted', username => {
    expect(parseUsername(username)).toBe(username)
  })
  test.each(['', '.', '-a', 'a b', 'a/b', 'ä', 'x'.repeat(65), 'a\n'])('%j is refused', username => {
    expect(() => parseUsername(username)).toThrow(/must be 1 to 64/)
  })
})

describe('a log', () => {
  test('that is short is kept whole, but for what cannot be stored', () => {
    expect(toKeptLog('one\r\n\u001b[2K\0\ud800end')).toBe('one\r\n\u001b[2K\ufffd\ufffdend')
  })

  test('that is too long keeps its head and its tail and says how much is missing', () => {
    const log = toKeptLog(`head${'x'.repeat(3 * longestLog)}tail`)
    expect(log.length).toBeLessThanOrEqual(longestLog)
    expect(log).toMatch(/^headx+\n… \d+ characters left out …\nx+tail$/)
  })

  test('that is too long is cut between lines', () => {
    const line = `${'x'.repeat(99)}\n`
    const lines = toKeptLog(line.repeat((3 * longestLog) / line.length)).split('\n')
    expect(lines.filter(text => text.length !== 99)).toEqual([
      expect.stringMatching(/^… \d+ characters left out …$/),
      '',
    ])
  })

  test('that is cut within a surrogate pair stays well-formed', () => {
    expect(toKeptLog('🗄'.repeat(longestLog)).isWellFormed()).toBe(true)
  })

  test('every text can be stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.integer({ max: 0xffff }).map(unit => String.fromCharCode(unit)) }), text => {
        const storable = toStorableText(text)
        expect(storable.isWellFormed()).toBe(true)
        expect(storable).not.toContain('\0')
      }),
    )
  })
})
