import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCommandName, toCommandName } from './command-name.ts'

test.each([
  [['/usr/bin/restic', 'backup', '/home'], 'restic backup'],
  [['C:\\Windows\\System32\\Robocopy.exe', 'C:\\a'], 'Robocopy.exe'],
  [['mysqldump', '-pSecret', 'db'], 'mysqldump'],
  [['sh', '-c', 'bup index /srv'], 'sh'],
  [['tool', 'Hunter2'], 'tool'],
  [['odd name'], undefined],
  [[], undefined],
])('%j is told as %s', (command, name) => {
  expect(toCommandName(command)).toBe(name)
})

test('what is told of any command can be read, and holds no argument but a word', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('a', '-p', 'Zq7', 'backup'))), command => {
      const name = toCommandName(command)
      if (name === undefined) return
      expect(parseCommandName(name)).toBe(name)
      expect(name.split(' ')[1] ?? '').toMatch(/^[a-z-]*$/)
    }),
  )
})

test.each(['a b c', 'a -p', '/bin/a', 'a\nb', 'x'.repeat(65), 'a B'])('%j is refused', text => {
  expect(() => parseCommandName(text)).toThrow(expect.objectContaining({ kind: 'invalid' }))
})
