import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, aReport, aToken, runsUrl } from '../../../test/support/builders.ts'

const secret = 'Zq7-hunter2-9xW'
const log = `backing up to rest:https://user:${secret}@backup.example.net/\nRESTIC_PASSWORD=${secret}\nsnapshot 1a2b3c4d saved\n`

/** All bytes of a database and of its log of changes. */
function bytesOf({ file }: TestServer): string {
  return readFileSync(file, 'latin1') + readFileSync(`${file}-wal`, 'latin1')
}

test('no secret of a structured report, of a batch or of raw output is stored', async () => {
  const server = await aServer()
  const computer = await aComputer(server)
  const token = await aToken(server)
  const report = aReport({ log, messages: [{ level: 'WARNING', text: `--password=${secret} is deprecated` }] })
  const answers = [
    await server.post(runsUrl(computer), report, { token }),
    await server.post(runsUrl(computer), { list: [report, report] }, { token }),
    await server.post(`${runsUrl(computer)}?backupset=Documents&exit_status=1`, log, {
      token,
      headers: { 'content-type': 'text/plain' },
    }),
  ]
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 200, 201])
  const stored = bytesOf(server)
  expect(stored).toContain('snapshot 1a2b3c4d saved')
  expect(stored).toContain('user:[redacted]@backup.example.net')
  expect(stored).not.toContain(secret)
})
