import { describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { lastgoodProgram, startProcess } from '../../test/support/lastgood-process.ts'

const hint = 'Add --help to see what is allowed.\n'

describe.concurrent('the program', () => {
  test('--version prints the version', async () => {
    const { status, stdout } = await startProcess([lastgoodProgram, '--version']).ended
    expect([status, stdout.toString()]).toEqual([0, `${packageJson.version}\n`])
  })

  test.each([[['--help']], [['run', '--help']], [['help', 'run']]])('%j prints help and ends with 0', async args => {
    const { status, stdout, stderr } = await startProcess([lastgoodProgram, ...args]).ended
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.toString()).toContain('Usage: lastgood')
  })

  test.each([
    ['no command', [], /^Usage: lastgood/],
    ['an unknown command', ['vacuum'], new RegExp(`^error: unknown command 'vacuum'\n${hint}$`)],
    ['a misspelt command', ['rum'], new RegExp(`^error: unknown command 'rum'\n\\(Did you mean run\\?\\)\n${hint}$`)],
    ['a name that every object has', ['constructor'], /^error: unknown command 'constructor'/],
    ['an unknown option', ['--unknown'], new RegExp(`^error: unknown option '--unknown'\n${hint}$`)],
  ])('%s is wrong usage: 2', async (_, args, message) => {
    const { status, stdout, stderr } = await startProcess([lastgoodProgram, ...args]).ended
    expect([status, stdout.toString()]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })
})
