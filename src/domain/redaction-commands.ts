import { buildScan, endOfMatch, type Rule } from './redaction-scan.ts'
import { readValue } from './redaction-values.ts'

/** A program that takes a password as a short option. */
type Program = {
  /** The whole name, up to what ends it. */
  name: RegExp
  /** The option, the white space or the quote before it included. */
  option: string
  /** Whether the password may be an argument of its own. */
  isApart?: boolean
  /** What stands between user and password, where the option takes both. */
  separator?: string
  /** Whether nothing may stand between name and option: what follows are the options of another program. */
  isFirst?: boolean
}

const p = String.raw`[\s"']-p`

/** The programs by the beginning of their names. */
const programs: Record<string, Program> = {
  mysql: { name: /mysql(?:dump|admin|import|check|show|slap|binlog|pump|sh|hotcopy)?(?=[\s"'])/y, option: p },
  mariadb: { name: /mariadb(?:-[a-z]{1,20})?(?=[\s"'])/y, option: p },
  mariabackup: { name: /mariabackup(?=[\s"'])/y, option: p },
  xtrabackup: { name: /xtrabackup(?=[\s"'])/y, option: p },
  innobackupex: { name: /innobackupex(?=[\s"'])/y, option: p },
  mydumper: { name: /mydumper(?=[\s"'])/y, option: p, isApart: true },
  myloader: { name: /myloader(?=[\s"'])/y, option: p, isApart: true },
  sshpass: { name: /sshpass(?=[\s"'])/y, option: p, isApart: true, isFirst: true },
  '7z': { name: /7z[ar]?(?=[\s"'])/y, option: p },
  'redis-cli': { name: /redis-cli(?=[\s"'])/y, option: String.raw`[\s"']-a`, isApart: true },
  curl: { name: /curl(?=[\s"'])/y, option: String.raw`[\s"'](?:-u|--user\b)`, isApart: true, separator: ':' },
  rclone: { name: /rclone(?=[\s"'])/y, option: String.raw`[\s"']obscure\b`, isApart: true, isFirst: true },
  dar: { name: /dar(?=[\s"'])/y, option: String.raw`[\s"']-[KJ#]`, isApart: true, separator: ':' },
  zip: { name: /zip(?=[\s"'])/y, option: String.raw`[\s"']-P`, isApart: true },
  openssl: { name: /openssl(?=[\s"'])/y, option: String.raw`[\s"']-[kK]\b`, isApart: true },
  sqlcmd: { name: /sqlcmd(?=[\s"'])/y, option: String.raw`[\s"']-P`, isApart: true },
  mongo: { name: /mongo(?:dump|restore|export|import|sh)?(?=[\s"'])/y, option: p, isApart: true },
  smbclient: { name: /smbclient(?=[\s"'])/y, option: String.raw`[\s"']-U`, isApart: true, separator: '%' },
}

/** What such a program is told by. */
export const programTriggers = Object.keys(programs)

/** Each option as it is searched for (one search for all that share it) and as it is read. */
const options = new Map(
  Object.values(programs).map(({ option }) => [
    option,
    { search: new RegExp(option, 'g'), read: new RegExp(option, 'y') },
  ]),
)
const names = new Map(Object.values(programs).map(({ name }) => [name, new RegExp(name, '')]))

/** How far behind the name of a program its option may stand. */
const furthest = 1_000
const longestArgument = 256

const joined = /(?=[^\s"'])/y
const joinedOrQuoted = /(?=\S)/y
const apart = /["'],[ \t]{0,8}(?=["'])|[ \t=]{0,8}(?=\S)/y

/** Hides the password on the command line of a program: `mysqldump -psecret`, `curl -u user:secret`. */
export const hideCommandPassword: Rule = (scan, at, end) => {
  const { text } = scan
  const program = programs[text.slice(at, end)]
  if (!program || /[\w-]/.test(text[at - 1] ?? '')) return undefined
  const start = endOfMatch(program.name, text, at)
  const option = options.get(program.option)
  if (start === undefined || !option) return undefined
  const found = scan.next(option.search, start)
  if (found - start > (program.isFirst ? 0 : furthest)) return undefined
  // The command ends with its line, and where another one begins; of several programs the option is the last one's.
  const between = text.slice(start, found + 1)
  if (/[\n|;&]/.test(between) || names.get(program.name)?.test(between)) return undefined
  const behind = endOfMatch(option.read, text, found)
  const behindArgument = /\s/.test(text[found] ?? '') ? joinedOrQuoted : joined
  const argument = behind && endOfMatch(program.isApart ? apart : behindArgument, text, behind)
  if (argument === undefined) return undefined
  const value = readValue(buildScan(text.slice(0, argument + longestArgument), []), argument, 'word')
  const word = text.slice(value.start, value.end)
  const before = program.separator === undefined ? 0 : word.indexOf(program.separator) + 1
  // No password, and the ports of a container.
  if ((program.separator !== undefined && before === 0) || /^-|^\d+:\d+$/.test(word)) return undefined
  scan.hide(value.start + before, value.end)
  // There may be other secrets before the option.
  return undefined
}
