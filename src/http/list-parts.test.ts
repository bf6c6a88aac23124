import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conditionStatuses } from '../domain/condition.ts'
import { BackupStatus } from '../wire/backup-status.ts'
import { conditionTypeNames } from '../wire/constants.ts'
import { xmlArrayStyles } from '../wire/xml.ts'
import { compileList, type Format } from './formats.ts'
import { compileListParts } from './list-parts.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '<R&D> "x"', '=1+1', 'a,b\n'),
)

const anyRow: fc.Arbitrary<BackupStatus> = fc.record({
  report_date: anyText,
  username: anyText,
  computer_id: anyText,
  computer_name: anyText,
  backupset_name: anyText,
  local_start: anyText,
  local_end: anyText,
  condition_status: fc.constantFrom(...conditionStatuses),
  condition_types: fc.array(fc.constantFrom(...conditionTypeNames), { maxLength: 3 }),
  errors: fc.nat(),
  warnings: fc.nat(),
})

const links = [{ rel: 'first', href: 'https://backup.example.net/v1/?a=1&page=1' }]

test('the parts of a list are, joined, the list as a whole, in every format and for every number of rows', async () => {
  const rowCounts = fc.constantFrom(0, 1, 2, 249, 250, 251, 500, 501, 1_003)
  const formats = fc.constantFrom<Format['kind']>('json', 'xml', 'csv')
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRow, { minLength: 1, maxLength: 5 }),
      rowCounts,
      formats,
      fc.constantFrom(...xmlArrayStyles),
      async (some, count, kind, arrays) => {
        const rows = Array.from({ length: count }, (_, index) => some[index % some.length])
        const list = { page: 1, page_size: count, count, links, list: rows }
        const format = { kind, contentType: '' }
        const parts: string[] = []
        for await (const part of compileListParts(BackupStatus, arrays)(list, format)) parts.push(part)
        expect(parts.join('')).toBe(compileList(BackupStatus, arrays)(list, format))
      },
    ),
    { numRuns: 60 },
  )
})

test('a part is written only when it is asked for', async () => {
  let written = 0
  const row = {
    get username() {
      written += 1
      return 'acme'
    },
  }
  const list = { page: 1, page_size: 5_000, count: 5_000, links, list: Array.from({ length: 5_000 }, () => row) }
  const parts = compileListParts(BackupStatus, 'repeat')(list, { kind: 'json', contentType: '' })
  await parts.next()
  await parts.next()
  await parts.return(undefined)
  expect(written).toBe(250)
})
