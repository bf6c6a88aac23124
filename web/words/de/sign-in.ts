import type { Words } from '../en.ts'

export const signIn: Words['signIn'] = {
  title: 'Anmelden',
  username: 'Benutzername',
  password: 'Passwort',
  code: 'Code des Authenticators',
  submit: 'Anmelden',
  forgotten: 'Passwort vergessen? Wer den Server betreibt, macht einen neuen Link: lastgood user link BENUTZERNAME',
  expired: 'Nicht oder nicht mehr angemeldet.',
}

export const welcome: Words['welcome'] = {
  title: 'Willkommen',
  first: 'Noch kann sich niemand anmelden. Wählen Sie Ihren Namen: Sie werden Administrator.',
  known: username => `Wählen Sie ein Passwort für ${username}.`,
  name: 'Ihr Name',
  password: 'Passwort',
  passwordHint: 'Mindestens 12 Zeichen; ein paar Wörter hintereinander sind gut.',
  again: 'Noch einmal',
  notSame: 'Die beiden sind nicht gleich.',
  submit: 'Beginnen',
  noSecret: 'Die Adresse ist unvollständig: öffnen Sie den ganzen Link.',
}

export const me: Words['me'] = {
  title: 'Meine Anmeldung',
  changePassword: 'Passwort ändern',
  present: 'Jetziges Passwort',
  fresh: 'Neues Passwort',
  save: 'Speichern',
  saved: 'Gespeichert. Alle anderen Browser sind abgemeldet.',
  codes: 'Einmalcodes',
  codesOn: 'Bei jeder Anmeldung wird ein Code Ihres Authenticators verlangt.',
  codesOff: 'Nur das Passwort wird verlangt.',
  start: 'Ab jetzt Codes verlangen',
  scan: 'Mit dem Authenticator lesen oder das Geheimnis eintippen:',
  code: 'Der angezeigte Code',
  end: 'Keine Codes mehr verlangen',
  sessions: 'Wo Sie angemeldet sind',
  thisOne: 'dieser Browser',
  endOthers: 'Überall sonst abmelden',
  signedIn: 'angemeldet',
}
