import { parseArgs } from 'node:util'
import { checkPings, type PingResult, type PingServer } from './ping-conformance.ts'

const usage = `Checks a server against the Healthchecks ping protocol, row by row.

Usage: npm run conformance -- --url URL --uuid UUID [--ping-key KEY --slug SLUG] [--json]

  --url URL               what ping URLs begin with, such as https://backup.example.net/ping
  --uuid UUID             a check that may be pinged; it is left with a success
  --ping-key KEY          the ping key of slugs
  --slug SLUG             a slug of that key that may be pinged
  --new-slug SLUG         a slug that is not there yet; it is made
  --ambiguous-slug SLUG   a slug that several checks share
  --json                  print the rows as a JSON array and nothing else

Exit status: 0 when every row passes, 1 when one does not, 2 for wrong usage.
`

const exitStatuses = { passed: 0, failed: 1, wrongUsage: 2 }

process.exitCode = await main()

async function main(): Promise<number> {
  const given = readOptions()
  if (typeof given === 'string') {
    process.stderr.write(`${given}\n\n${usage}`)
    return exitStatuses.wrongUsage
  }
  const results = await checkPings(given.server)
  process.stdout.write(given.json ? `${JSON.stringify(results)}\n` : toTable(results))
  return results.every(({ problems }) => problems.length === 0) ? exitStatuses.passed : exitStatuses.failed
}

/** The options; a sentence when they cannot be used. */
function readOptions(): { server: PingServer; json: boolean } | string {
  const text = { type: 'string' } as const
  const options = { url: text, uuid: text, 'ping-key': text, slug: text, 'new-slug': text, 'ambiguous-slug': text }
  try {
    const { values } = parseArgs({ options: { ...options, json: { type: 'boolean' } } })
    const { url, uuid, slug, json = false } = values
    const [pingKey, newSlug, ambiguousSlug] = [values['ping-key'], values['new-slug'], values['ambiguous-slug']]
    if (url === undefined || uuid === undefined) return '--url and --uuid are needed.'
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      return '--url must be an address such as https://example.net/ping.'
    const slugs = { ...(slug && { slug }), ...(newSlug && { newSlug }), ...(ambiguousSlug && { ambiguousSlug }) }
    if (pingKey === undefined && Object.keys(slugs).length > 0) return 'A slug needs its --ping-key.'
    return { server: { url: url.replace(/\/+$/, ''), uuid, ...(pingKey && { pingKey }), ...slugs }, json }
  } catch (error) {
    return (error as Error).message
  }
}

function toTable(results: readonly PingResult[]): string {
  const width = Math.max(...results.map(({ name }) => name.length))
  const rows = results.map(({ name, expected, got, problems }) => {
    const passed = problems.length === 0
    const line = `${passed ? 'pass' : 'FAIL'}  ${name.padEnd(width)}  ${expected}`
    return passed ? line : `${line}\n      got ${got}: ${problems.join('; ')}`
  })
  const failed = results.filter(({ problems }) => problems.length > 0).length
  return `${rows.join('\n')}\n\n${results.length - failed} of ${results.length} rows pass.\n`
}
