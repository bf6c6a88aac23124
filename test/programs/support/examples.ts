import { partOf, readPage } from '../../../scripts/page-parts.ts'

/** What stands in an example for something of a test's own, by what it stands for. */
export type Renames = Readonly<Record<string, string>>

/** The two lines of the example of a tool, as `docs/backup-tools.md` has them. */
export function exampleOf(tool: string): { run: string; ping: string } {
  const example = codeIn(partOf(readPage('docs/backup-tools.md'), tool), 'sh')
  const [run = '', ping = ''] = example.split('\n')
  return { run, ping }
}

/** The YAML of the section of borgmatic. */
export function ownHookOfBorgmatic(): string {
  const [, afterBlock = ''] = readPage('docs/backup-tools.md').split('<!-- borgmatic: end -->')
  return codeIn(afterBlock, 'yaml')
}

function codeIn(text: string, language: string): string {
  const code = new RegExp(`\`\`\`${language}\\n([^]*?)\\n\`\`\``).exec(text)?.[1]
  if (code === undefined) throw new Error(`There is no example in ${language}.`)
  return code
}

/** A line with names replaced where they stand as a whole; a longer name goes before one that it begins with. */
export function rename(line: string, renames: Renames): string {
  const names = Object.keys(renames).sort((one, other) => other.length - one.length)
  if (names.length === 0) return line
  const pattern = names.map(name => RegExp.escape(name)).join('|')
  return line.replaceAll(new RegExp(`(?<!\\w)(?:${pattern})(?!\\w)`, 'g'), name => renames[name] ?? name)
}
