import { settings } from '../src/config.ts'

/** Writes `docs/configuration.md`: every setting, in the order of `config.ts`. */
export function writeConfigurationPage(): string {
  return `# Configuration

Lastgood is set up by environment variables; \`npm run generate\` writes this page from \`src/config.ts\`. All of them are
checked when the server starts: what is wrong is told in one go, and the server does not start. An empty variable counts
as not set. Options of a command, such as \`--database\`, go before the environment.

| variable | default | meaning |
| --- | --- | --- |
${Object.values(settings).map(toRow).join('\n')}

## Secrets

A variable marked as secret may also be given as a file: \`${exampleSecret}_FILE=/etc/lastgood/secret\` names a file that holds
the value, white space around it left out. The variable itself goes first. Prefer files: other programs can see the
environment, and everybody on the machine can see the options of a command.
`
}

const exampleSecret = settings.database.variable

type Described = { variable: string; meaning: string; default?: string; isSecret?: boolean }

function toRow({ variable, meaning, default: usual = '', isSecret }: Described): string {
  const cells = [`\`${variable}\``, usual === '' ? '–' : `\`${usual}\``, isSecret ? `${meaning} Secret.` : meaning]
  return `| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}
