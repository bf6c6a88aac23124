import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { exampleOf } from './examples.ts'

/**
 * Declares the checks of a tool. Where one of its programs is missing, by default the one of its example, they are
 * skipped, and the title says why; with `LASTGOOD_REQUIRE_PROGRAMS=1` they fail.
 */
export function describeTool(tool: string, checks: () => void, programs = [programOf(tool)]): void {
  const missing = programs.filter(program => !isInstalled(program))
  if (missing.length > 0 && process.env['LASTGOOD_REQUIRE_PROGRAMS']) {
    test(`${tool} is installed`, () => expect(missing).toEqual([]))
    return
  }
  const title = missing.length === 0 ? tool : `${tool} (skipped: install ${missing.join(', ')} to run this)`
  describe.skipIf(missing.length > 0)(title, checks)
}

/** Whether a program is there: by its path, or by its name on the PATH. */
export function isInstalled(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  return folders.some(folder => existsSync(path.resolve(folder, program)))
}

function programOf(tool: string): string {
  const [, command = ''] = exampleOf(tool).run.split(' -- ')
  return /^(?:sh -c ')?([\w.-]+)/.exec(command)?.[1] ?? tool
}
