import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { aReaderOfEveryStatus } from '../../test/support/a-reader.ts'
import { reportUrl } from '../../test/support/builders.ts'

describe('200: compression', () => {
  test.each([
    ['gzip', 'gzip', gunzipSync],
    ['deflate', 'deflate', inflateSync],
    ['br', 'br', brotliDecompressSync],
    ['the better q', 'gzip;q=0.2, deflate;q=0.7', inflateSync],
    ['a wildcard', '*', gunzipSync],
  ])('%s holds the same bytes', async (_, encoding, decompress) => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    const plain = await server.get(reportUrl(computer), { token })
    const answer = await server.get(reportUrl(computer), { token, headers: { 'accept-encoding': encoding } })
    expect(answer.headers['content-encoding']).toBeDefined()
    expect(answer.rawPayload.length).toBeLessThan(plain.rawPayload.length)
    expect(decompress(answer.rawPayload).toString()).toBe(plain.body)
  })

  test.each(['identity', 'gzip;q=0', '', 'zstd', 'identity;q=0'])('%j leaves the answer as it is', async encoding => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    const answer = await server.get(reportUrl(computer), { token, headers: { 'accept-encoding': encoding } })
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.json()).toMatchObject({ count: 4 })
  })

  test('the XML is compressed too', async () => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    const headers = { accept: 'application/xml', 'accept-encoding': 'gzip' }
    const answer = await server.get(reportUrl(computer), { token, headers })
    expect(gunzipSync(answer.rawPayload).toString()).toMatch(/<list page="1" page_size="4" count="4">/)
  })
})
