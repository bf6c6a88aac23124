import { describe, expect, test } from 'vitest'
import { AppError } from '../domain/app-error.ts'
import type { BackupTool, ToolOutput } from './backup-tool.ts'
import { generic } from './generic.ts'
import { backupTools, detectBackupTool, findBackupTool } from './index.ts'
import { readOutput, readWith } from './read-output.ts'
import { conditionOf, recordedCases, recordedOutput } from '../../test/support/recorded-cases.ts'

const anOutput = (given: Partial<ToolOutput>): ToolOutput => ({
  stdout: '',
  stderr: '',
  exitStatus: 0,
  signal: null,
  ...given,
})
const asItIs = (text: string) => text
const named = (tool: string | null, command: string | null = null) => ({ tool, command })
const summary =
  '{"message_type":"summary","files_new":3,"files_changed":0,"total_files_processed":3,"data_added":100,"snapshot_id":"f925e22d"}'

test('generic comes last and every tool is found by its name', () => {
  expect(backupTools.at(-1)?.name).toBe('generic')
  expect(new Set(backupTools.map(tool => tool.name)).size).toBe(backupTools.length)
  for (const tool of backupTools) expect(findBackupTool(tool.name)).toBe(tool)
  expect(findBackupTool('Restic')).toBeUndefined()
})

describe('an output without a tool name', () => {
  test('is read by the tool that it surely comes from', () => {
    expect(readOutput(named(null), anOutput({ stdout: summary }), asItIs)).toMatchObject({
      tool: 'restic',
      reading: { newFiles: 3 },
    })
  })

  test.each([
    ['nothing', ''],
    ['other JSON', '{"message_type":"summary","total":3}\n{"type":"status"}\n[1]'],
    ['a sentence about restic', 'restic: processed 36 files, 1.913 MiB in 0:00'],
    ['half a text summary', 'Files:           3 new,     1 changed,    32 unmodified'],
    ['a broken summary', summary.slice(0, -1)],
  ])('that holds %s is judged by its exit status', (_, stdout) => {
    expect(detectBackupTool(anOutput({ stdout })).name).toBe('generic')
  })

  test('is never taken for restic when another program wrote it', () => {
    for (const recorded of recordedCases('generic')) {
      expect(detectBackupTool(recordedOutput('generic', recorded)).name).toBe('generic')
    }
  })

  test('of restic is recognized wherever a summary was printed', () => {
    for (const recorded of recordedCases('restic').filter(({ expected }) => expected.processedFiles)) {
      if (recorded.case.includes('forget-text') || recorded.case.includes('0.16.0')) continue
      expect(detectBackupTool(recordedOutput('restic', recorded)).name, recorded.case).toBe('restic')
    }
  })
})

test('an unknown tool name is refused, naming the known ones', () => {
  const known = backupTools.map(tool => tool.name).join(', ')
  expect(() => readOutput(named('resticc'), anOutput({}), asItIs)).toThrow(
    expect.objectContaining({ kind: 'invalid', message: `tool must be one of ${known}, not "resticc".` }),
  )
})

test('generic without an exit status is refused', () => {
  expect(() => readOutput(named('generic'), anOutput({ exitStatus: null }), asItIs)).toThrow(
    expect.objectContaining({ kind: 'invalid' }),
  )
  expect(() => readOutput(named(null), anOutput({ exitStatus: null }), asItIs)).toThrow(
    expect.objectContaining({ kind: 'invalid' }),
  )
})

describe('the name of the program', () => {
  const read = (command: string, given: Partial<ToolOutput> = {}, tool: string | null = null) => {
    const { reading, tool: name } = readOutput({ tool, command }, anOutput(given), asItIs)
    return [name, reading.type, reading.state, conditionOf(reading).status]
  }

  test.each([
    ['restic backup', {}, ['restic', 'backup', 'finished', 'WARNING']],
    ['dar', {}, ['dar', 'backup', 'finished', 'WARNING']],
    ['bup save', {}, ['bup', 'backup', 'finished', 'COMPLETED']],
    ['rsync', { exitStatus: 24 }, ['rsync', 'backup', 'finished', 'WARNING']],
    ['Robocopy.exe', { exitStatus: 1 }, ['robocopy', 'backup', 'failed', 'FAILURE']],
    ['sh', {}, ['generic', 'backup', 'finished', 'COMPLETED']],
    ['constructor', {}, ['generic', 'backup', 'finished', 'COMPLETED']],
  ])('tells whose output it is that does not tell itself: %s', (command, given, expected) => {
    expect(read(command, given)).toEqual(expected)
  })

  test.each([
    ['bup index', 'maintenance'],
    ['borg prune', 'delete'],
    ['restic forget', 'delete'],
    ['rclone check', 'maintenance'],
    ['pg_restore', 'restore'],
    ['myloader', 'restore'],
    ['bup constructor', 'backup'],
  ])('and the word behind it that a silent success is no backup: %s', (command, type) => {
    expect(read(command)[1]).toBe(type)
    expect(read(command, { exitStatus: 2 })[1]).toBe('backup')
  })

  test('stands back behind what the output surely is, and behind the tool that was named', () => {
    expect(read('rsync', { stdout: summary })[0]).toBe('restic')
    expect(read('rsync', {}, 'tar')[0]).toBe('tar')
  })

  test('is worth nothing where the output is not the tool’s, or would make a failure green', () => {
    expect(read('rsync', { stdout: 'hello' })).toEqual(['generic', 'backup', 'finished', 'COMPLETED'])
    expect(read('rclone', { exitStatus: 9 })).toEqual(['generic', 'backup', 'failed', 'FAILURE'])
  })
})

describe("an output that is not the named tool's", () => {
  const picky: BackupTool = {
    ...generic,
    name: 'picky',
    read() {
      throw new AppError('invalid', 'This is not the output of picky.')
    },
  }
  const text = 'This is not the output of picky; judged by its exit status alone.'

  test('is judged by its exit status, never green, and says so', () => {
    const { tool, reading } = readWith(picky, anOutput({ stdout: 'hello' }), asItIs)
    expect(tool).toBe('generic')
    expect(reading).toMatchObject({ state: 'finished', warnings: 1, messages: [{ level: 'warning', text }] })
    expect(conditionOf(reading)).toMatchObject({ status: 'WARNING', types: ['WARNINGS'] })
  })

  test('fails as its exit status says, without a further warning', () => {
    const { reading } = readWith(picky, anOutput({ exitStatus: 2 }), asItIs)
    expect(reading).toMatchObject({ state: 'failed', errors: 1, warnings: 0 })
    expect(reading.messages).toContainEqual({ level: 'warning', text })
  })

  test('is refused when nothing tells how the command ended', () => {
    expect(() => readWith(picky, anOutput({ exitStatus: null }), asItIs)).toThrow(
      expect.objectContaining({ kind: 'invalid' }),
    )
  })

  test('does not hide a fault of the adapter', () => {
    const broken: BackupTool = {
      ...picky,
      read: () => {
        throw new TypeError('bug')
      },
    }
    expect(() => readWith(broken, anOutput({}), asItIs)).toThrow(TypeError)
  })
})
