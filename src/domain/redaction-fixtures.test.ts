import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { buildRedaction } from './redaction.ts'

const fixtures = path.resolve(import.meta.dirname, '../../test/fixtures')
const redact = buildRedaction([])
const files = globSync('*/*.*', { cwd: fixtures }).map(file => ({
  file,
  text: readFileSync(path.join(fixtures, file), 'utf8'),
}))

test('the test of the fixtures sees them', () => {
  expect(files.length).toBeGreaterThan(300)
})

test('nothing that a backup tool has printed in a fixture is taken for a secret', () => {
  const outputs = files.filter(({ file }) => path.basename(file) !== 'cases.json')
  expect(outputs.filter(({ text }) => redact(text) !== text).map(({ file }) => file)).toEqual([])
})

test('of the commands that printed it only the passwords in them are', () => {
  const changed = files.flatMap(({ file, text }) => {
    const [before, after] = [text.split('\n'), redact(text).split('\n')]
    return before.flatMap((line, index) => (line === after[index] ? [] : [{ file, line, redacted: after[index] }]))
  })
  // Passwords that were made up: -pwrong, -p wrong, webdav://u:p@…
  const expected = changed.map(({ file, line }) => ({
    file,
    line,
    redacted: line.replace(/(?<= -p ?)wrong\b|(?<=:\/\/u:)p(?=@)/, '[redacted]'),
  }))
  expect(changed).toEqual(expected)
})
