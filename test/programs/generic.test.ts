import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { aComputer } from './support/computer.ts'
import { describeTool } from './support/describe-tool.ts'

async function aScript(text: string) {
  const computer = await aComputer('generic', folder => ({
    renames: { '/usr/local/bin/backup': path.join(folder, 'script') },
  }))
  const script = path.join(computer.folder, 'script')
  writeFileSync(script, `#!/bin/sh\n${text}\n`)
  chmodSync(script, 0o755)
  return computer
}

const unknown = { totalFiles: null, processedFiles: null, newFiles: null, bytes: null }

describeTool(
  'generic',
  () => {
    test.each([
      ['exit 0', 'COMPLETED', ['COMPLETED'], 0],
      ['echo "disk full" >&2; exit 3', 'FAILURE', ['ERRORS'], 3],
      ['exit 255', 'FAILURE', ['ERRORS'], 255],
      ['timeout 0.01 sleep 60', 'FAILURE', ['ERRORS'], 124],
      ['/nonexistent/program', 'FAILURE', ['ERRORS'], 127],
      ['kill -KILL $$', 'FAILURE', ['EXCEPTION'], 137],
    ])('a script "%s" is %s', async (text, status, types, exit) => {
      const { run } = await aScript(text)
      expect(await run()).toMatchObject({ ...unknown, exit, status, types, tool: 'generic' })
    })

    test.each([
      ['exit 0', 'COMPLETED', ['COMPLETED']],
      ['echo "disk full" >&2; exit 3', 'FAILURE', ['ERRORS']],
      ['timeout 0.01 sleep 60', 'FAILURE', ['ERRORS']],
    ])('a script "%s" is %s by its ping', async (text, status, types) => {
      const { ping } = await aScript(text)
      // The line ends with the exit status of curl.
      expect(await ping()).toMatchObject({ ...unknown, exit: 0, status, types })
    })

    test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('%s cancels it', async signal => {
      const { stop } = await aScript('echo begun; exec sleep 600')
      const stopped = await stop(signal, run => run.says('begun'))
      expect(stopped).toMatchObject({ exit: signal, status: 'WARNING', types: ['CANCELED'] })
    })
  },
  ['curl'],
)
