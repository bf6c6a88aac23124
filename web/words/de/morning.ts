import type { Words } from '../en.ts'

export const morning: Words['morning'] = {
  title: 'Braucht jemanden',
  counts: 'Wie alle Sicherungen stehen',
  allWell: 'Alles gut',
  allWellText: sets =>
    sets === 1 ? 'Die einzige Sicherung ist gelungen.' : `Keine von ${sets} Sicherungen braucht jemanden.`,
  nothingYet: 'Noch keine Sicherung',
  nothingYetText: 'Einen Kunden und einen Computer anlegen und dem Sicherungsbefehl ein Wort voranstellen:',
  groupComputer: computer => `Von ${computer} kam nichts`,
  groupMessage: sets => `${sets} Sicherungen mit derselben Meldung`,
  setsOf: sets => (sets === 1 ? '1 Sicherung' : `${sets} Sicherungen`),
  leftOut: sets => `${sets} weitere brauchen jemanden: zuerst diese beheben.`,
  newest: 'zuletzt',
  lastSuccess: 'Zuletzt gelungen',
  never: 'nie',
  failedRuns: runs => (runs === 1 ? 'seither 1 Fehlschlag' : `seither ${runs} Fehlschläge`),
  search: 'Suchen',
  searchHint: 'Kunde, Computer, Sicherung oder Meldung',
  nothingFound: 'Nichts hier passt zur Suche.',
  drawnUp: 'Stand',
  live: 'Aktualisiert sich selbst',
  behind: 'Die Verbindung zum Server ist unterbrochen: die Anzeige kann veraltet sein.',
  serverBehind: 'Der Server hat länger nichts beurteilt: die Anzeige kann veraltet sein.',
  showOnly: 'Nur zeigen',
  all: 'Alle',
}
