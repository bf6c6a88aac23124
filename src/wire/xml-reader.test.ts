import * as fc from 'fast-check'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { isAppError } from '../domain/app-error.ts'
import { Constant, Count } from './schema.ts'
import { compileXmlReader } from './xml-reader.ts'
import { compileXmlWriter } from './xml.ts'

const Line = Type.Object({ level: Constant(['ERROR', 'INFO']), text: Type.String() }, { xml: { name: 'line' } })

const Note = Type.Object(
  {
    id: Type.Optional(Count({ xml: { attribute: true } })),
    title: Type.Optional(Type.String()),
    size: Type.Optional(Type.Integer()),
    isOpen: Type.Optional(Type.Boolean()),
    zone: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'] })),
    tags: Type.Optional(Type.Array(Type.String({ xml: { name: 'tag' } }))),
    lines: Type.Optional(Type.Array(Line)),
    parts: Type.Optional(Type.Array(Type.String({ xml: { name: 'part' } }), { xml: { wrapped: true } })),
    policy: Type.Optional(Type.Record(Type.String(), Type.String())),
    owner: Type.Optional(Type.Object({ name: Type.String() })),
  },
  { xml: { name: 'note' } },
)

const read = compileXmlReader(Note)

describe('a document is read by its schema', () => {
  test.each([
    ['nothing', '<note/>', {}],
    ['a text, as it is', '<note><title> a &lt;b&gt; &#x1F4BE; </title></note>', { title: ' a <b> \u{1F4BE} ' }],
    ['an empty text', '<note><title/></note>', { title: '' }],
    ['a section of characters', '<note><title><![CDATA[<&>]]></title></note>', { title: '<&>' }],
    ['numbers', '<note><size> -7 </size></note>', { size: -7 }],
    ['a number that is none stays text', '<note><size>1e3</size></note>', { size: '1e3' }],
    ['truths', '<note><isOpen>1</isOpen></note>', { isOpen: true }],
    ['a truth that is none stays text', '<note><isOpen>yes</isOpen></note>', { isOpen: 'yes' }],
    ['an empty one that may be nothing', '<note><zone/></note>', { zone: null }],
    ['an attribute', '<note id="3"/>', { id: 3 }],
    ['repeated elements', '<note><tag>a</tag><size>1</size><tag/></note>', { tags: ['a', ''], size: 1 }],
    ['wrapped elements', '<note><parts><part>a</part><part>b</part></parts></note>', { parts: ['a', 'b'] }],
    ['objects in a list', '<note><line><text>t</text></line></note>', { lines: [{ text: 't' }] }],
    [
      'names of the writer',
      '<note><policy><MISSED>WARNING</MISSED></policy></note>',
      { policy: { MISSED: 'WARNING' } },
    ],
    [
      'whitespace and remarks between elements',
      '<?xml version="1.0"?>\n<note>\n <!-- --><size>1</size>\n</note>\n',
      { size: 1 },
    ],
  ])('%s', (_, xml, value) => {
    expect(read(xml)).toEqual(value)
  })
})

describe('a document is refused, in words that name the element', () => {
  const deep = `${'<note>'.repeat(30)}${'</note>'.repeat(30)}`

  test.each([
    ['', 'is not the XML that is asked for'],
    ['note', 'is not the XML that is asked for, at 1:'],
    ['<note>', 'is not the XML that is asked for'],
    ['<note></nota>', 'is not the XML that is asked for, at 1:'],
    ['<note/><note/>', 'is not the XML that is asked for'],
    ['<note a="1" a="2"/>', 'is not the XML that is asked for'],
    ['<note>&other;</note>', 'is not the XML that is asked for'],
    ['<!DOCTYPE note><note/>', 'a document type declaration is not taken.'],
    [
      '<!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><note>&x;</note>',
      'a document type declaration is not taken.',
    ],
    [deep, 'elements must not be within more than 20 others.'],
    ['<other/>', 'The root element must be <note>, not <other>.'],
    ['<note><titel/></note>', '<note/titel> is not a known element; known are title, size, '],
    ['<note><__proto__/></note>', '<note/__proto__> is not a known element'],
    ['<note><size>1</size><size>2</size></note>', '<note/size> must be given once.'],
    ['<note><parts/><parts/></note>', '<note/parts> must be given once.'],
    ['<note><policy><A>1</A><A>2</A></policy></note>', '<note/policy/A> must be given once.'],
    ['<note><parts><tag/></parts></note>', '<note/parts> holds <part>, not <tag>.'],
    ['<note title="a"/>', '<note> has no attribute title.'],
    ['<note xmlns="urn:x"/>', '<note> has no attribute xmlns.'],
    ['<note><title a="b"/></note>', '<note/title> holds text alone.'],
    ['<note><title><b/></title></note>', '<note/title> holds text alone.'],
    ['<note>text</note>', '<note> holds elements, not text.'],
  ])('%s', (xml, message) => {
    expect(() => read(xml)).toThrow(message)
  })

  test('and nothing but invalid is ever thrown', () => {
    const piece = fc.constantFrom(
      '<note>',
      '</note>',
      '<title>',
      '</title>',
      '&lt;',
      '<![CDATA[',
      ']]>',
      '<!--',
      'x',
      '"',
      '\0',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map(pieces => pieces.join('')),
        ),
        xml => {
          try {
            read(xml)
          } catch (error) {
            if (!isAppError(error, 'invalid')) throw error
          }
        },
      ),
    )
  })
})

test('what is written is read back', () => {
  // What XML cannot hold is written as another character.
  const text = fc.string({
    unit: fc.constantFrom('a', '<', '&', '"', "'", ']', '>', ' ', '\t', '\n', '\r', 'é', '\u{1F4BE}'),
  })
  const note = fc.record(
    {
      id: fc.nat(),
      title: text,
      size: fc.integer(),
      isOpen: fc.boolean(),
      tags: fc.array(text, { minLength: 1 }),
      lines: fc.array(fc.record({ level: fc.constantFrom('ERROR', 'INFO'), text }), { minLength: 1 }),
      parts: fc.array(text),
      owner: fc.record({ name: text }),
    },
    { requiredKeys: [] },
  )
  const write = compileXmlWriter(Note)
  fc.assert(
    fc.property(note, value => {
      expect(read(write(value))).toEqual(value)
    }),
  )
})
