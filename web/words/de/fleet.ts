import type { Words } from '../en.ts'

export const fleet: Words['fleet'] = {
  title: 'Alle Sicherungen',
  none: 'Hier ist nichts',
  noneText: 'Keine Sicherung steht so, wie gefragt ist.',
  searchHint: 'Kunde, Computer oder Sicherung',
  columns: {
    CONDITION_STATUS: 'Zustand',
    USERNAME: 'Kunde',
    COMPUTER_NAME: 'Computer',
    BACKUPSET_NAME: 'Sicherung',
    LOCAL_START: 'Beginn oder Termin',
  },
  lastDays: 'Letzte 30 Tage',
  page: (page, last, count) => `Seite ${page} von ${last}, ${count} Sicherungen`,
  previous: 'Zurück',
  next: 'Weiter',
}
