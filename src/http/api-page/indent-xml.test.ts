import { expect, test } from 'vitest'
import { indentXml } from './indent-xml.ts'

test('an element is a line, with those within it below', () => {
  const document =
    '<?xml version="1.0"?>\n<list page="1"><link rel="first"/><row><name>a &lt; b</name><end/><type>A</type></row></list>'
  expect(indentXml(document).split('\n')).toEqual([
    '<?xml version="1.0"?>',
    '<list page="1">',
    '  <link rel="first"/>',
    '  <row>',
    '    <name>a &lt; b</name>',
    '    <end/>',
    '    <type>A</type>',
    '  </row>',
    '</list>',
  ])
})
