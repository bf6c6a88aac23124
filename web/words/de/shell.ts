import type { Words } from '../en.ts'

export const navigation: Words['navigation'] = {
  morning: 'Morgen',
  fleet: 'Alle Sicherungen',
  accounts: 'Kunden',
  me: 'Meine Anmeldung',
  api: 'API',
  signOut: 'Abmelden',
  theme: 'Dunkel oder hell',
  language: 'Sprache',
  help: 'Hilfe zur Tastatur',
}

export const states: Words['states'] = {
  loading: 'Lädt …',
  failed: 'Das konnte nicht geladen werden',
  again: 'Noch einmal versuchen',
  forbidden: 'Ihre Rolle darf das nicht sehen',
  notFound: 'Hier ist nichts',
  notFoundText: 'Die Adresse ist falsch, oder was hier war, ist weg.',
  home: 'Zur Morgenseite',
}

export const help: Words['help'] = {
  title: 'Tastatur',
  next: 'nächste Sicherung',
  previous: 'vorige Sicherung',
  open: 'öffnen',
  search: 'suchen',
  help: 'diese Hilfe',
  close: 'Schließen',
}
