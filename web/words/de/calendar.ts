import type { Words } from '../en.ts'

export const calendar: Words['calendar'] = {
  title: 'Tag für Tag',
  statuses: {
    FAILURE: 'Fehler',
    WARNING: 'Warnung',
    UNKNOWN: 'Unbekannt: kein Server war wach',
    RUNNING: 'Lief nur',
    COMPLETED: 'Gut',
    NONE: 'Nichts bekannt',
  },
  away: minutes => `${minutes} Minuten lang war kein Server wach`,
  badDays: days => (days === 1 ? 'Ein Tag war nicht gut' : `${days} Tage waren nicht gut`),
  lastDays: days => `Die letzten ${days} Tage`,
  noDays: 'Von den letzten Tagen ist nichts bekannt',
}
