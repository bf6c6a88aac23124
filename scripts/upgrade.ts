import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../test/support/postgres-server.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'
import { rollUpgrade } from '../test/chaos/upgrade.ts'

const usage = `Rolls an upgrade: an older version and this one serve one PostgreSQL database, and nothing is lost or doubled.

Usage: npm run upgrade -- REVISION

Example: npm run upgrade -- HEAD~20

Exit status: 0 when every promise was kept, 1 when one was broken, 2 for wrong usage.
`

const checkout = fileURLToPath(new URL('..', import.meta.url))

process.exitCode = await main(process.argv.slice(2))

async function main([revision, ...others]: string[]): Promise<number> {
  const commit = revision === undefined || others.length > 0 ? undefined : findCommit(revision)
  if (commit === undefined) {
    process.stderr.write(`Name one revision of git that this checkout has.\n\n${usage}`)
    return 2
  }
  using folder = temporaryFolder()
  const older = extract(commit, folder.path)
  const server = await startPostgres({ isDurable: true })
  try {
    const tell = (line: string) => process.stdout.write(`${line}\n`)
    const problems = await rollUpgrade({ database: server.url, older, tell })
    for (const problem of problems) tell(`  ${problem}`)
    tell(problems.length === 0 ? 'Nothing was lost and nothing doubled.' : `${problems.length} promises were broken.`)
    return problems.length === 0 ? 0 : 1
  } finally {
    await server.stop()
  }
}

function findCommit(revision: string): string | undefined {
  try {
    const flags = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
    return execFileSync('git', flags, { cwd: checkout, encoding: 'utf8' }).trim()
  } catch {
    // The answer of git that there is none.
    return undefined
  }
}

/** Puts a version into a folder, with the packages of this one, and answers its program. */
function extract(commit: string, folder: string): string {
  const version = join(folder, 'older')
  mkdirSync(version)
  const archive = execFileSync('git', ['archive', '--format=tar', commit], { cwd: checkout, maxBuffer: 2 ** 30 })
  execFileSync('tar', ['-x', '-C', version], { input: archive })
  symlinkSync(join(checkout, 'node_modules'), join(version, 'node_modules'))
  return join(version, 'bin', 'lastgood')
}
