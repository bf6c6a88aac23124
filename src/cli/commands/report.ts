import { Command, Option } from 'commander'
import { readFacts, withStore } from '../admin/administer.ts'
import { type AdminOptions, databaseOption, jsonOption } from '../admin/options.ts'
import { isColourful, print } from '../admin/print.ts'
import { readSetting } from '../admin/read-setting.ts'
import type { AccountReport } from '../report/account-report.ts'
import type { ReportFormat } from '../report/report-formats.ts'

type ReportOptions = AdminOptions & { format: ReportFormat; url?: string }

const formats: readonly ReportFormat[] = ['table', 'json', 'xml', 'csv']

/** `lastgood report`: the backup status report, read from the database or from a server. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Print the backup status of a computer, or of all computers of an account.')
    .argument('<username>', 'the account')
    .argument('[computer_id]', 'the computer, such as 0000 (default: all)')
    .addOption(new Option('--format <format>', 'how it is written').choices(formats).default('table'))
    .addOption(databaseOption())
    .addOption(new Option('--url <url>', 'ask the server at this address').conflicts('database'))
    .addOption(jsonOption().implies({ format: 'json' }))
    .addHelpText('after', help)
    .action(async (username: string, computerId: string | undefined, options: ReportOptions) => {
      const { reportFormats } = await import('../report/report-formats.ts')
      const context = { inColour: isColourful(), xmlConditionTypes: readSetting('xmlConditionTypes') }
      const report = await readReport({ username, computerId }, options)
      print(reportFormats[options.format](report, context))
    })
}

async function readReport(
  about: { username: string; computerId: string | undefined },
  options: ReportOptions,
): Promise<AccountReport> {
  const { chooseSource } = await import('../report/report-source.ts')
  const source = chooseSource(options, process.env)
  if (source.kind === 'server') {
    const { readServerReport } = await import('../report/server-report.ts')
    return readServerReport(source.url, about, process.env)
  }
  const { readAccountReport } = await import('../report/account-report.ts')
  return withStore(options, async (store, now) => readAccountReport(await readFacts(store), about, now))
}

const help = `
The rows are those of the API. The exit status says whether the report could be drawn up, not what it says.

With --url a running server is asked for the report, and no database is needed. It knows who asks by LASTGOOD_CLIENT_ID
and LASTGOOD_CLIENT_SECRET, a client with the scope accounts_read for a whole account and computers_read for one
computer; or else by LASTGOOD_KEY, for the computer of that key. A secret may also be in a file, named by
LASTGOOD_CLIENT_SECRET_FILE or LASTGOOD_KEY_FILE. Where no database is named and none is in this folder, the server that
LASTGOOD_URL names is asked.

Examples:
  lastgood report acme
  lastgood report acme 0000 --format csv > status.csv
  lastgood report acme 0000 --url https://backup.example.net`
