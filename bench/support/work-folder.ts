import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import path from 'node:path'
import { resultsFolder } from './options.ts'

const tmpfs = 0x01021994

/** A folder on a real disk for the databases of a benchmark; it goes when it is disposed of. */
export function workFolder(): { path: string } & Disposable {
  const folder = mkdtempSync(path.join(resultsFolder, 'work-'))
  const dispose = () => rmSync(folder, { recursive: true, force: true })
  if (statfsSync(folder).type === tmpfs) {
    dispose()
    throw new Error(`${resultsFolder} lies in memory: what is written there is not durable, so it cannot be measured.`)
  }
  process.once('exit', dispose)
  process.once('SIGINT', () => process.exit(130))
  return { path: folder, [Symbol.dispose]: dispose }
}
