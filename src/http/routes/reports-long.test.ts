import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { aServer, type TestServer } from '../../../test/support/a-server.ts'
import { aComputer, aToken } from '../../../test/support/builders.ts'
import { aRunReport, placeOf, runKey } from '../../../test/support/tree.ts'
import type { Row } from '../../../test/support/a-reader.ts'

const url = '/v1/accounts/acme/reports/backup_status'

/** An account with more sets than are written at once, and a token that may read it. */
async function aLongReport(): Promise<{ server: TestServer; token: string }> {
  const server = await aServer()
  for (let number = 0; number < 3; number += 1) {
    const computer = await aComputer(server, { name: `Computer ${number}` })
    const reports = Array.from({ length: 201 }, (_, index) =>
      aRunReport({ runKey: runKey(index), backupsetName: `Set "${index}" <&>` }),
    )
    await Promise.all(reports.map(report => server.store.recordRun(placeOf(computer), report)))
  }
  return { server, token: await aToken(server) }
}

describe('a report with more rows than are written at once', () => {
  test.each(['application/json', 'application/xml', 'text/csv'])('has all of them, in %s', async accept => {
    const { server, token } = await aLongReport()
    const get = (query: string) => server.get(url + query, { token, headers: { accept } })
    const [long, ...pages] = [await get(''), await get('?page_size=402'), await get('?page_size=402&page=2')]
    expect(long.headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept, accept-encoding' })
    expect([long.headers['content-length'], long.headers['etag']]).toEqual([undefined, undefined])
    expect(pages.map(page => typeof page.headers['etag'])).toEqual(['string', 'string'])
    expect(rowsIn(long.body, accept)).toHaveLength(603)
    expect(rowsIn(long.body, accept)).toEqual(pages.flatMap(page => rowsIn(page.body, accept)))
  })

  test('is compressed if the caller takes that', async () => {
    const { server, token } = await aLongReport()
    const { body } = await server.get(url, { token })
    for (const [encoding, decompress] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const answer = await server.get(url, { token, headers: { 'accept-encoding': encoding } })
      expect(answer.headers['content-encoding']).toBe(encoding)
      expect(answer.rawPayload.length).toBeLessThan(body.length / 5)
      expect(decompress(answer.rawPayload).toString()).toBe(body)
    }
  })

  test('HEAD has the headers of GET and no body', async () => {
    const { server, token } = await aLongReport()
    const headers = { authorization: `OAuth ${token}`, 'accept-encoding': 'gzip', accept: 'text/csv' }
    const get = await server.send({ method: 'GET', url, headers })
    const head = await server.send({ method: 'HEAD', url, headers })
    // What is not sent is not sent in chunks either.
    const { date: _, 'transfer-encoding': __, ...expected } = get.headers
    expect(head.statusCode).toBe(200)
    expect(head.headers).toMatchObject(expected)
    expect(head.rawPayload).toHaveLength(0)
  })
})

function rowsIn(body: string, accept: string): unknown[] {
  if (accept === 'text/csv') return body.split('\r\n').slice(1, -1)
  if (accept === 'application/json') return (JSON.parse(body) as { list: Row[] }).list
  return body.match(/<backup_status>.*?<\/backup_status>/g) ?? []
}
