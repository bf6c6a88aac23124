import type { Words } from '../en.ts'

export const gallery: Words['gallery'] = {
  title: 'Jedes Teil in jedem Zustand',
  text: 'Woraus die Seiten bestehen, mit ausgedachten Zahlen: für alle, die sie ändern.',
  statuses: 'Zustände',
  days: 'Tage',
  log: 'Ein Protokoll',
  moments: 'Zeiten',
  choices: 'Auswahl',
  fields: 'Felder',
  lists: 'Spaltenköpfe und Seiten einer Liste',
  states: 'Lädt, gescheitert, abgelehnt, verboten, weg, leer',
  sections: 'Abschnitte und Angaben',
  sample: 'Beispiel',
}
