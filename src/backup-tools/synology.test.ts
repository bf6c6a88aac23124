import { expect, test } from 'vitest'
import { anOutput, describeAdapter, outputOf, textsOf } from '../../test/support/adapter-suite.ts'
import { conditionOf } from '../../test/support/recorded-cases.ts'
import { synology } from './synology.ts'

const names = 'Backup Task: Failed jobs\nBackup Target: NAS2\nStart Time: Thu, Nov 19 2026 03:00:01\nDuration: 1 Second'
const aMail = (sentence: string) => `Subject: [nas1] Hyper Backup\n${sentence}\n${names}`
const read = (stdout: string, exitStatus: number | null = null) => synology.read(anOutput({ stdout, exitStatus }))

describeAdapter(synology, {
  isDocument: true,
  pieces: [aMail('Your backup task is now complete.'), aMail('The backup has failed.'), names, 'Dauer: 0 Second'],
})

test.each([
  ['Your backup task is now complete.', ['COMPLETED']],
  ['The backup was completed successfully.', ['COMPLETED']],
  ['Die Datensicherung wurde abgeschlossen.', ['COMPLETED']],
  ['The backup was completed, but some files could not be read.', ['ERRORS']],
  ["The backup has completed, but the target isn't reachable.", ['ERRORS']],
  ['The backup has not been completed.', ['ERRORS']],
  ['The backup was completed with warnings.', ['WARNINGS']],
  ['The backup task was suspended.', ['CANCELED']],
  ['Die Datensicherung wurde nicht erfolgreich abgeschlossen.', ['ERRORS']],
  ['Die Datensicherung wurde abgebrochen.', ['CANCELED']],
])('%s', (sentence, types) => {
  expect(conditionOf(read(aMail(sentence))).types).toEqual(types)
})

test.each([
  ['in another language', aMail('La tâche de sauvegarde est terminée.')],
  ['that says nothing', aMail('')],
  ['without the names of the task', 'Your backup task is now complete.'],
  ['with nothing in it', ''],
])('a mail %s is not read', (_, stdout) => {
  expect(() => read(stdout)).toThrow(expect.objectContaining({ kind: 'invalid' }))
  expect(conditionOf(read(stdout, 0)).types).toContain('WARNINGS')
})

test('messages show what is said, and which task it is said of', () => {
  expect(textsOf(synology.read(outputOf(synology, 'synology-7.2-backup-failed-german-documented')))).toEqual([
    '[nas1] Die Datensicherung auf nas1 ist fehlgeschlagen',
    'Die Datensicherung auf nas1 ist fehlgeschlagen.',
    'Datensicherungsaufgabe: Büro nach NAS2',
    'Sicherungsziel: NAS2 / buero.hbk',
  ])
})
