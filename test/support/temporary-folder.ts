import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of the test's own that goes when it is disposed of. Its path has spaces, as any path may. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'lastgood test '))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}
