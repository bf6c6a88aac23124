import type { Words } from '../en.ts'

export const status: Words['status'] = {
  FAILURE: 'Fehler',
  WARNING: 'Warnung',
  RUNNING: 'Läuft',
  COMPLETED: 'Gelungen',
  NONE: 'Noch nicht fällig',
}

export const types: Words['types'] = {
  EXCEPTION: 'endete, bevor es fertig war',
  ERRORS: 'hatte Fehler',
  MISSED: 'ist ausgefallen',
  CANCELED: 'wurde abgebrochen',
  WARNINGS: 'hatte Warnungen',
  NO_EXCHANGE_OR_SQL_DATA_BACKED_UP: 'sicherte keine Datenbank und kein Postfach',
  NO_FILE_DATA_BACKED_UP: 'sicherte keine Datei',
  NO_DATA_RESTORED: 'stellte nichts wieder her',
  NO_DATA_DELETED: 'löschte nichts',
  RUNNING: 'läuft',
  COMPLETED: 'ist gelungen',
}

export const nextSteps: Words['nextSteps'] = {
  RUN_AGAIN: 'Nachsehen, wo es endete, und neu starten.',
  READ_LOG: 'Das Protokoll lesen, die Ursache beheben und neu starten.',
  CHECK_SCHEDULER: 'Prüfen, ob der Computer läuft und sein Zeitplaner die Sicherung startet.',
  CHECK_COMPUTER: 'Prüfen, ob der Computer läuft und diesen Server erreicht.',
  RUN_NOW: 'Jetzt sichern: die letzte gute Sicherung ist zu alt.',
  CHECK_SELECTION: 'Die Auswahl prüfen: es gab nichts zu sichern.',
  NOTHING: 'Nichts zu tun.',
}
