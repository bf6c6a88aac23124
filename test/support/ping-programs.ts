import path from 'node:path'
import { startProcess } from './lastgood-process.ts'
import { json } from './lastgood-server.ts'

const checkout = path.resolve(import.meta.dirname, '../..')

/** The account acme with a computer and the set Documents; answers its URLs, as a server at `url` has them. */
export async function addPinged(file: string, url: string) {
  await json(file, 'account', 'add', 'acme')
  const { ping_key: pingKey = '' } = await json(file, 'computer', 'add', 'acme', '--name', 'File server')
  const { ping_url: printed = '' } = await json(file, 'set', 'add', 'acme', '0000', 'Documents')
  const uuid = printed.slice(-36)
  return { pingKey, uuid, printed, base: `${url}/ping`, pingUrl: `${url}/ping/${uuid}` }
}

/** Runs a program to its end; answers its status and what it printed. */
export async function run(command: readonly string[], input = '') {
  const started = startProcess(command, { cwd: checkout })
  started.child.stdin?.end(input)
  const { status, stdout, stderr } = await started.ended
  return { status, stdout: stdout.toString(), stderr }
}
