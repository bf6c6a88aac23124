import { describe, expect, test } from 'vitest'
import { parseXml } from './xml-element.ts'

describe('a document', () => {
  test.each<[string, string, string]>([
    ['text with references', '<a>&lt;&#65;&#x1F600;&amp;amp;</a>', '<A😀&amp;'],
    ['marked sections', '<a>1<![CDATA[<b>&amp;]]>2</a>', '1<b>&amp;2'],
    ['ends of lines', '<a>1\r\n2\r3&#13;</a>', '1\n2\n3\r'],
    ['comments and instructions', '<?xml version="1.0"?><!-- <b> --><a><?x y?>1<!---->2</a>\n', '12'],
    ['a byte order mark', '\uFEFF<a/>', ''],
  ])('has %s', (_, source, text) => {
    expect(parseXml(source)).toMatchObject({ name: 'a', text, children: [] })
  })

  test('has attributes in either quotes, with white space as spaces', () => {
    const { attributes } = parseXml(`<a b="1'&quot;" c = '2"\n&#10;'></a >`)
    expect(Object.fromEntries(attributes)).toEqual({ b: `1'"`, c: '2" \n' })
  })

  test('has elements within elements', () => {
    const { children } = parseXml('<a><b/><c><b>1</b></c></a>')
    expect(children.map(({ name, children }) => [name, children.length])).toEqual([
      ['b', 0],
      ['c', 1],
    ])
  })
})

test.each([
  ['nothing', ''],
  ['text alone', 'done'],
  ['HTML', '<!DOCTYPE html><html></html>'],
  ['a declaration of entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['a bare ampersand', '<a>1 & 2</a>'],
  ['a reference without an end', '<a>&amp</a>'],
  ['a reference to no character', '<a>&#x110000;</a>'],
  ['a missing end', '<a><b></a>'],
  ['an end too many', '<a/></a>'],
  ['two roots', '<a/><b/>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['half a tag', '<a><b'],
  ['half a comment', '<a><!-- </a>'],
  ['elements that are too deep', '<a>'.repeat(60) + '</a>'.repeat(60)],
])('%s is no document', (_, source) => {
  expect(() => parseXml(source)).toThrow(SyntaxError)
})

test('a hostile document is refused in no time', () => {
  const started = performance.now()
  for (const part of ['<a ', '<!--', '<a b="', '<![CDATA[', '&', '<a b = "" ', '<?']) {
    expect(() => parseXml(`<a>${part.repeat(50_000)}`)).toThrow(SyntaxError)
  }
  expect(performance.now() - started).toBeLessThan(5_000)
})
