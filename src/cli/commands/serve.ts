import { Command, Option } from 'commander'
import { readConfig, settings } from '../../config.ts'
import { type AdminOptions, databaseOption, jsonOption } from '../admin/options.ts'
import { print } from '../admin/print.ts'
import { checkSetting } from '../admin/read-setting.ts'
import type { Listening } from '../serve/serve.ts'
import { toShownDatabase } from '../serve/shown-database.ts'

type ServeOptions = AdminOptions & { host?: string; port?: string }

/** `lastgood serve`: the server. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Start the server. On an empty database, print a client that may do everything, once.')
    .addOption(setting('host', '--host <address>', 'the address that it listens on'))
    .addOption(setting('port', '--port <port>', 'the port that it listens on; 0 for any that is free'))
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(async ({ json, ...flags }: ServeOptions) => {
      const config = readConfig(process.env, flags)
      const { serve } = await import('../serve/serve.ts')
      await serve(config, listening => {
        const database = toShownDatabase(config.database)
        print(json ? toJson(listening, database) : toText(listening, database))
      })
    })
}

const help = `
Everything else is set by environment variables: see docs/configuration.md. Logs go to stderr, as JSON lines.
SIGTERM or SIGINT stops it after the requests under way; a second one stops it at once.

Example:
  lastgood serve --database /var/lib/lastgood/lastgood.sqlite --port 8480`

function setting(name: 'host' | 'port', flags: string, meaning: string): Option {
  const { variable, default: usual } = settings[name]
  return new Option(flags, `${meaning} (default: ${variable}, else ${usual})`).argParser(checkSetting(name))
}

function toJson({ url, mail, admin, welcomeUrl }: Listening, database: string): string {
  return JSON.stringify({
    url,
    database,
    ...(mail && { smtp_host: mail.host, smtp_port: mail.port }),
    ...(welcomeUrl !== undefined && { welcome_url: welcomeUrl }),
    ...(admin && { client_id: admin.client.clientId, client_secret: admin.clientSecret }),
  })
}

function toText({ url, mail, admin, welcomeUrl }: Listening, database: string): string {
  const takesMail = mail ? `\nReport mails are taken on ${toHostText(mail.host)}:${mail.port}` : ''
  const welcome =
    welcomeUrl === undefined
      ? ''
      : `Nobody can sign in to the dashboard yet. Whoever opens this within 24 hours becomes its administrator:\n  ${welcomeUrl}\n`
  const listens = `${welcome}Lastgood listens on ${url} (database ${database})${takesMail}`
  if (!admin) return listens
  return `This is the first start. Here is a client that may do everything; its secret is shown only now:
  client_id      ${admin.client.clientId}
  client_secret  ${admin.clientSecret}
Add your first customer with: lastgood account add USERNAME
Read about the API at ${url}/docs
${listens}`
}

function toHostText(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
