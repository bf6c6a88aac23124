import fc from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { conditionStatuses } from '../domain/condition.ts'
import { isAppError } from '../domain/app-error.ts'
import { parseName } from '../domain/text.ts'
import { BackupStatus } from './backup-status.ts'
import { conditionTypeNames } from './constants.ts'
import { ListOf } from './list.ts'
import { Constant, Count } from './schema.ts'
import { compileXmlWriter, xmlArrayStyles } from './xml.ts'

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Numeric references are read only with this.
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 10_000_000 },
  isArray: name => ['link', 'backup_status', 'condition_type', 'tag'].includes(name),
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  // UTF-16 code units, so that half characters occur.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map(units => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(']]>', '<![CDATA[', '&amp;', '&#0;', '<!--', '-->', '<?', '\r\n', '\u0085', '\uFFFE', '"', "'"),
    )
    .map(parts => parts.join('')),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\u202Eabc',
    '\u{1F468}\u200D\u{1F469}',
    '\uD800',
    '\uDC00x',
    '\u2028',
    'a\tb\nc\rd',
  ),
)

/** What XML 1.0 (2.2) has of a text: all that it cannot hold is U+FFFD. */
function toXmlText(text: string): string {
  return Array.from(text, character => (isXmlCharacter(character.codePointAt(0) ?? 0) ? character : '\uFFFD')).join('')
}

function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return (code < 0xd800 || code > 0xdfff) && code !== 0xfffe && code !== 0xffff
}

function parse(xml: string): unknown {
  expect(XMLValidator.validate(xml)).toBe(true)
  expect(xml).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n</)
  const { '?xml': _, ...root } = parser.parse(xml) as Record<string, unknown>
  return root
}

const writeNote = compileXmlWriter(
  Type.Object(
    {
      id: Type.String({ xml: { attribute: true } }),
      text: Type.String(),
      tags: Type.Array(Type.String({ xml: { name: 'tag' } })),
    },
    { xml: { name: 'note' } },
  ),
)

describe('every text', () => {
  test('comes out well-formed and is read back, in elements, attributes and lists', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.array(anyText, { minLength: 1, maxLength: 3 }), (id, text, tags) => {
        const read = parse(writeNote({ id, text, tags }))
        expect(read).toEqual({ note: { id: toXmlText(id), text: toXmlText(text), tag: tags.map(toXmlText) } })
      }),
      { numRuns: 2_000 },
    )
  })

  test('has no character left that XML cannot hold', () => {
    fc.assert(
      fc.property(anyText, text => {
        for (const character of writeNote({ id: text, text, tags: [] })) {
          expect(isXmlCharacter(character.codePointAt(0) ?? 0)).toBe(true)
        }
      }),
    )
  })

  test.each([
    ['markup', '<a href="x">&amp;</a>', '&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;'],
    ['the end of a CDATA section', ']]>', ']]&gt;'],
    ['tab, line feed and return', '\t\n\r', '&#9;&#10;&#13;'],
    ['NUL, escape and U+FFFF', '\u0000\u001B\uFFFF', '\uFFFD\uFFFD\uFFFD'],
    ['half characters', 'a\uD83Db\uDE00', 'a\uFFFDb\uFFFD'],
    ['a whole one', '\u{1F600}', '\u{1F600}'],
    ['right-to-left text', '\u05E9\u202E', '\u05E9\u202E'],
  ])('%s', (_, text, written) => {
    expect(writeNote({ id: 'a', text, tags: [] })).toContain(`<text>${written}</text>`)
  })
})

describe('a report', () => {
  const aName = anyText.map(toNameOr('set'))
  const row = fc.record({
    report_date: fc.constant('2026-03-05T10:00:00-05:00'),
    username: fc.constantFrom('acme', 'a.b_c@d-e'),
    computer_id: fc.constantFrom('0000', '0001'),
    computer_name: aName,
    backupset_name: aName,
    local_start: fc.constant('2026-03-05T09:00:00-05:00'),
    local_end: fc.constantFrom('', '2026-03-05T09:10:00-05:00'),
    condition_status: fc.constantFrom(...conditionStatuses),
    condition_types: fc.subarray(conditionTypeNames, { minLength: 1 }),
    errors: fc.maxSafeNat(),
    warnings: fc.maxSafeNat(),
  })
  const writeReport = compileXmlWriter(ListOf(BackupStatus))

  test('of any storable names is read back equal to its JSON', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.webUrl(), (list, href) => {
        const report = { page: 1, page_size: list.length, count: list.length, links: [{ rel: 'first', href }], list }
        const { list: read } = parse(writeReport(report)) as { list: Record<string, unknown> }
        expect(toJson(read)).toEqual(JSON.parse(JSON.stringify(report)))
      }),
      { numRuns: 500 },
    )
  })

  function toJson({ page, page_size, count, link, backup_status }: Record<string, unknown>) {
    const rows = (backup_status ?? []) as Record<string, unknown>[]
    return {
      page: Number(page),
      page_size: Number(page_size),
      count: Number(count),
      links: link,
      list: rows.map(({ condition_type, errors, warnings, ...texts }) => ({
        ...texts,
        condition_types: condition_type,
        errors: Number(errors),
        warnings: Number(warnings),
      })),
    }
  }

  test('is well-formed in every reading of the condition types', () => {
    for (const style of xmlArrayStyles) {
      const write = compileXmlWriter(ListOf(BackupStatus), style)
      fc.assert(
        fc.property(fc.array(row, { maxLength: 3 }), list => {
          parse(write({ page: 1, page_size: 0, count: 0, links: [], list }))
        }),
      )
    }
  })
})

/** What the name is stored as, or `fallback` when it cannot be a name. */
function toNameOr(fallback: string): (text: string) => string {
  return text => {
    try {
      return parseName(text, 'name')
    } catch (error) {
      if (!isAppError(error, 'invalid')) throw error
      return fallback
    }
  }
}

test('a name that is stored is the same in XML: nothing of it is replaced', () => {
  fc.assert(
    fc.property(anyText, text => {
      const name = toNameOr('x')(text)
      expect(toXmlText(name)).toBe(name)
    }),
  )
})

describe('members', () => {
  const Pair = Type.Object({ one: Type.Optional(Type.String()), two: Count() }, { xml: { name: 'pair' } })
  const write = (value: unknown) => compileXmlWriter(Pair)(value).split('\n')[1]

  test.each([
    ['an absent one is left out', { two: 2 }, '<pair><two>2</two></pair>'],
    ['an empty text is an empty element', { one: '', two: 2 }, '<pair><one/><two>2</two></pair>'],
    ['one that the schema does not name is not written', { two: 2, three: 3 }, '<pair><two>2</two></pair>'],
    ['the order is that of the schema', { two: 2, one: '1' }, '<pair><one>1</one><two>2</two></pair>'],
    ['great counts are written in full', { two: Number.MAX_SAFE_INTEGER }, '<pair><two>9007199254740991</two></pair>'],
    ['none at all is an empty element', {}, '<pair/>'],
  ])('%s', (_, value, xml) => {
    expect(write(value)).toBe(xml)
  })
})

test.each([
  ['repeat', '<note><tag>a</tag><tag>b</tag></note>'],
  ['wrap', '<note><tags><tag>a</tag><tag>b</tag></tags></note>'],
  ['plural', '<note><tags>a</tags><tags>b</tags></note>'],
] as const)('arrays of constants, read as %s', (style, xml) => {
  const Note = Type.Object(
    { tags: Type.Array(Constant(['a', 'b'], { xml: { name: 'tag' } })) },
    { xml: { name: 'note' } },
  )
  expect(compileXmlWriter(Note, style)({ tags: ['a', 'b'] })).toContain(xml)
})
