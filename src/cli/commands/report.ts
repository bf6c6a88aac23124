import { Command, Option } from 'commander'
import { readFacts, withStore } from '../admin/administer.ts'
import { type AdminOptions, databaseOption, jsonOption } from '../admin/options.ts'
import { isColourful, print } from '../admin/print.ts'
import { readSetting } from '../admin/read-setting.ts'
import type { ReportFormat } from '../report/report-formats.ts'

type ReportOptions = AdminOptions & { format: ReportFormat }

const formats: readonly ReportFormat[] = ['table', 'json', 'xml', 'csv']

/** `lastgood report`: the backup status report, read from the database. */
export function reportCommand(): Command {
  return new Command('report')
    .description('Print the backup status of a computer, or of all computers of an account.')
    .argument('<username>', 'the account')
    .argument('[computer_id]', 'the computer, such as 0000 (default: all)')
    .addOption(new Option('--format <format>', 'how it is written').choices(formats).default('table'))
    .addOption(databaseOption())
    .addOption(jsonOption().implies({ format: 'json' }))
    .addHelpText('after', help)
    .action(async (username: string, computerId: string | undefined, options: ReportOptions) => {
      const { readAccountReport } = await import('../report/account-report.ts')
      const { reportFormats } = await import('../report/report-formats.ts')
      const context = { inColour: isColourful(), xmlConditionTypes: readSetting('xmlConditionTypes') }
      const report = await withStore(options, async (store, now) =>
        readAccountReport(await readFacts(store), { username, computerId }, now),
      )
      print(reportFormats[options.format](report, context))
    })
}

const help = `
The rows are those of the API. The exit status says whether the report could be drawn up, not what it says.

Examples:
  lastgood report acme
  lastgood report acme 0000 --format csv > status.csv`
