import { expect, test } from 'vitest'
import { readJsonDocuments } from './json-documents.ts'

test.each([
  ['nothing', [], [], []],
  ['one line each', ['{"a":1}', '[2]'], [{ a: 1 }, [2]], []],
  ['many lines', ['{', '  "a": [', '    1', '  ]', '}'], [{ a: [1] }], []],
  ['text around', ['before', '{', '  "a": 1', '}', 'after'], [{ a: 1 }], ['before', 'after']],
  ['two after another', ['{', '}', '{', '  "b": 2', '}'], [{}, { b: 2 }], []],
  ['a document that was cut off', ['{', '  "a": 1', '{"b":2}'], [{ b: 2 }], ['{', '  "a": 1']],
  ['text that begins as one does', ['[0:00] 100.00%', 'done', '{"a":1}'], [{ a: 1 }], ['[0:00] 100.00%', 'done']],
  ['text amid a document', ['{', '  "a": 1', 'oops', '}'], [], ['{', '  "a": 1', 'oops', '}']],
])('%s', (_, lines, documents, texts) => {
  expect(readJsonDocuments(lines)).toEqual({ documents, texts })
})

test('hundreds of thousands of lines that open a document are read', () => {
  expect(readJsonDocuments(Array.from({ length: 300_000 }, () => '{')).texts).toHaveLength(300_000)
  expect(readJsonDocuments(['{', ...Array.from({ length: 300_000 }, () => ' "a"')]).texts).toHaveLength(300_001)
})
