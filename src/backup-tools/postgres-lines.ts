import type { Trouble } from './sql-reading.ts'

/** A line that a program of PostgreSQL wrote about itself: `pg_dump: error: query failed: …`. */
export type PostgresLine = {
  program: string
  level: 'error' | 'warning' | 'detail' | 'other'
  /** What follows the name of the program. */
  text: string
}

const programs =
  /^(pg_dump|pg_dumpall|pg_restore|pg_basebackup|pg_verifybackup|pg_receivewal|psql|createdb|dropdb)(?:\.exe)?: /

/**
 * The word for an error in the languages of PostgreSQL: it writes messages in the language of its environment.
 * Source: the message catalogs of PostgreSQL 15.
 */
const errorWords = new Set(
  'error fatal panic fehler fatal erreur fatale errore erro chyba σφάλμα エラー შეცდომა 오류 ошибка fel hata помилка 错误 錯誤 błąd'.split(
    ' ',
  ),
)
/** The words for what is no problem: details, hints, and what `--verbose` does now. */
const harmlessWords = new Set(
  'detail hint notice détail astuce tipp dettaglio suggerimento detalle consejo λεπτομέρεια υπόδειξη 詳細 ヒント დეტალები მინიშნება 상세정보 힌트 подробности подсказка detalj tips деталі підказка kör çalıştırılıyor 실행중 შენახვა 正在执行 先行書き込みログの開始ポイント 先行書き込みログの終了ポイント 전환됨'.split(
    ' ',
  ),
)

// The level is one word; what is no level has no colon after its first word.
const levelWord = /^(?:(\p{L}{2,20}) ?: |(chyba) )/u

/** Usage errors (getopt_long(3)) and the errors of PostgreSQL before 12, which have no word for their level. */
const unmarkedErrors = [
  /^(?:unrecognized|invalid|unknown|ambiguous) option\b/,
  /^option .{0,80}(?:requires|doesn't allow) an argument/,
  /^(?:\[[a-z (),]{2,40}\] )?(?:connection to|query failed|could not|COPY failed for table|Dumping the contents of table|Error message from|aborting because|pg_dump failed)\b/,
]

/** Reads a line that starts with the name of a program of PostgreSQL; null for every other line. */
export function readPostgresLine(line: string): PostgresLine | null {
  const match = programs.exec(line)
  if (!match) return null
  const text = line.slice(match[0].length)
  return { program: match[1] ?? '', level: toLevel(text), text }
}

function toLevel(text: string): PostgresLine['level'] {
  if (unmarkedErrors.some(pattern => pattern.test(text))) return 'error'
  const unmarked = text.replace(/^\[[a-z (),]{2,40}\] /, '')
  const match = levelWord.exec(unmarked)
  const word = (match?.[1] ?? match?.[2])?.toLowerCase()
  if (word === undefined) return 'other'
  if (errorWords.has(word)) return 'error'
  // A word that nobody knows may be an error in another language.
  return harmlessWords.has(word) ? 'detail' : 'warning'
}

const serverProblem = /^(?:WARNING|ERROR|FATAL|PANIC): {2}\S/
const explanation = /^(?:\t|(?:DETAIL|HINT|CONTEXT|STATEMENT): {2}|Command was: )/

/** Whether a line tells of a problem. */
export function isPostgresTrouble(line: string): boolean {
  const level = readPostgresLine(line)?.level
  return level === 'error' || level === 'warning' || serverProblem.test(line)
}

/**
 * The problems that programs of PostgreSQL tell in `lines`, each with the lines that explain it. Problems that a server
 * tells without a program's name in front count as warnings: the program decides whether it can go on.
 */
export function readPostgresTroubles(lines: readonly string[]): (Trouble & { program: string | null })[] {
  const troubles: (Trouble & { program: string | null })[] = []
  let last: Trouble | null = null
  for (const line of lines) {
    const own = readPostgresLine(line)
    if (last && (own ? own.level === 'detail' : explanation.test(line))) {
      last.details.push(line)
      continue
    }
    last = null
    const level = own ? own.level : serverProblem.test(line) ? 'warning' : 'other'
    if (level !== 'error' && level !== 'warning') continue
    const trouble = { level, text: line, details: [], program: own?.program ?? null }
    troubles.push(trouble)
    last = trouble
  }
  return troubles
}
