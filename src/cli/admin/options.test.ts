import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { parsePlugin, parseScopeOption, parseWholeNumber, placeOptions } from './options.ts'

describe('a whole number from 1 to 1440', () => {
  const parse = parseWholeNumber(1, 1_440)

  test.each([
    ['1', 1],
    ['1440', 1_440],
    ['007', 7],
  ])('%s is taken', (text, number) => {
    expect(parse(text)).toBe(number)
  })

  test.each(['0', '1441', '-1', '1.5', '1e2', '0x10', '', ' 1', 'ten', '99999999999999999999'])(
    '%j is refused',
    text => {
      expect(() => parse(text)).toThrow('Write a whole number from 1 to 1440.')
    },
  )
})

test.each(['FILE', 'file', 'Sql', 'exchange'])('the plugin %s is taken', text => {
  expect(parsePlugin(text)).toBe(text.toLowerCase())
})

test.each(['', 'TAPE', 'toString'])('the plugin %j is refused with those there are', text => {
  expect(() => parsePlugin(text)).toThrow('There are FILE, SQL, EXCHANGE.')
})

test('scopes are separated by spaces, plus signs or commas, and at least one is named', () => {
  const both = ['computers_read', 'accounts_read']
  for (const text of ['computers_read accounts_read', 'computers_read+accounts_read', 'computers_read,accounts_read']) {
    expect(parseScopeOption(text)).toEqual(both)
  }
  expect(() => parseScopeOption(' ')).toThrow('at least one scope')
  expect(() => parseScopeOption('admin')).toThrow('is not a scope')
})

describe('--computer', () => {
  function parse(text: string): Record<string, unknown> {
    const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
    for (const option of placeOptions()) command.addOption(option)
    return command.parse(['--computer', text], { from: 'user' }).opts()
  }

  test('is an account and its computer', () => {
    expect(parse('acme/0000')).toEqual({ computer: { username: 'acme', computerId: '0000' } })
  })

  test.each(['acme', 'acme/', '/0000', 'a/b/c'])('%j is refused', text => {
    expect(() => parse(text)).toThrow('such as acme/0000')
  })
})
