import type { BackupTool } from './backup-tool.ts'
import { readProcessEnd } from '../domain/process-end.ts'
import { toRunMessages } from './run-messages.ts'

/**
 * Reads any command by its exit status and signal alone, whatever it printed: the adapter for tools that have none.
 * `read` throws `invalid` when neither exit status nor signal is known.
 */
export const generic: BackupTool = {
  name: 'generic',
  usage: {
    programs: [],
    debianPackage: null,
    example: { set: 'Documents', command: '/usr/local/bin/backup' },
  },

  recognizes() {
    return false
  },

  read(output) {
    const end = readProcessEnd(output)
    const level = end.state === 'canceled' ? 'warning' : 'error'
    return {
      type: 'backup',
      plugin: null,
      state: end.state,
      startedAt: null,
      endedAt: null,
      totalFiles: null,
      processedFiles: null,
      newFiles: null,
      bytes: null,
      errors: end.state === 'failed' ? 1 : 0,
      warnings: 0,
      messages: end.text === null ? [] : toRunMessages([{ level, text: end.text }]),
      version: null,
    }
  },
}
