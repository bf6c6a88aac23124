import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { backupTools } from '../../../src/backup-tools/index.ts'
import { buildRedaction } from '../../../src/domain/redaction.ts'
import { toKeptLog } from '../../../src/domain/text.ts'
import { recordedCases, recordedOutput } from '../../support/recorded-cases.ts'
import { mutated } from '../mutations.ts'
import { defineTarget } from '../target.ts'

const secret = 'Zq7hunter29xW'

/** Forms in which a secret stands in a log, each in a line of its own. */
const planted = [
  `RESTIC_PASSWORD=${secret}`,
  `export BORG_PASSPHRASE='${secret}'`,
  `+ PGPASSWORD=${secret} pg_dump -h db shop`,
  `mysqldump -u root -p${secret} --all-databases`,
  `tool --password ${secret} --verbose`,
  `repository rest:https://me:${secret}@host:8000/ opened`,
  `> Authorization: Bearer ${secret}${secret}`,
  `> Authorization: Basic ${secret}==`,
  `{"user":"me","password":"${secret}","port":22}`,
  `Cookie: session=${secret}; path=/`,
  `https://account.blob.core.windows.net/c?sv=2022&sig=${secret}&se=2026`,
  `AWS_SECRET_ACCESS_KEY=${secret}`,
]

const logs = backupTools
  .flatMap(({ name }) => recordedCases(name).map(one => recordedOutput(name, one)))
  .flatMap(({ stdout, stderr }) => [stdout, stderr])
  .filter(text => text !== '' && text.length <= 10_000)

/** Logs with a secret in a line of its own among changed lines of tools. */
const input = fc.record({
  before: mutated(logs, { mostEdits: 2 }),
  line: fc.constantFrom(...planted),
  after: mutated(logs, { mostEdits: 2 }),
})

/** Redaction: no planted secret survives, and redacting again changes nothing. */
export const redactionTarget = defineTarget('redaction', input, () => {
  const redact = buildRedaction([])
  return Promise.resolve({
    check({ before, line, after }) {
      const kept = toKeptLog(redact(`${before}\n${line}\n${after}`))
      assert(!kept.includes(secret), 'a secret survived')
      assert.equal(redact(kept), kept, 'redacting again changed something')
    },
    close: () => Promise.resolve(),
  })
})
