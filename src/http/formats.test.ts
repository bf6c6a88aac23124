import { describe, expect, test } from 'vitest'
import { aReader } from '../../test/support/a-reader.ts'
import { reportUrl } from '../../test/support/builders.ts'

describe('200', () => {
  const json = 'application/json; charset=utf-8'
  const xml = 'application/xml; charset=utf-8'
  const textXml = 'text/xml; charset=utf-8'

  test.each([
    ['no Accept', undefined, json],
    ['an empty Accept', '', json],
    ['*/*', '*/*', json],
    ['application/json', 'application/json', json],
    ['application/xml', 'application/xml', xml],
    ['any letter case', 'Application/XML', xml],
    ['text/xml', 'text/xml', textXml],
    ['application/*', 'application/*', json],
    ['text/*', 'text/*', textXml],
    ['the first of equals', 'application/xml, application/json', xml],
    ['the greater q', 'application/xml;q=0.5, application/json;q=0.8', json],
    ['the greater q behind', 'application/json;q=0.1, application/xml;q=0.2', xml],
    ['q=0 of a format', 'application/json;q=0, */*', xml],
    ['q=0 of everything else', '*/*;q=0, application/xml', xml],
    ['a wildcard after what we have not', 'text/html, */*;q=0.1', json],
    ['what browsers send', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', xml],
    ['our charset', 'application/xml; charset=UTF-8', xml],
    ['our charset and a q', 'application/json;charset=utf-8;q=0.3, application/xml;q=0.2', json],
  ])('%s', async (_, accept, contentType) => {
    const { server, computer, token } = await aReader()
    const headers = accept === undefined ? {} : { accept }
    const answer = await server.get(reportUrl(computer), { token, headers })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, contentType])
    expect(answer.body).toMatch(
      contentType === json ? /^\{"page":1,/ : /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<list /,
    )
  })

  test('one format is never answered with what was written for another', async () => {
    const { server, computer, token } = await aReader()
    for (const accept of ['application/json', 'application/xml', 'text/xml', 'application/json']) {
      const answer = await server.get(reportUrl(computer), { token, headers: { accept } })
      expect(answer.headers['content-type']).toBe(`${accept}; charset=utf-8`)
    }
  })
})

describe('406', () => {
  test.each([
    'text/html',
    'image/*',
    'application/json;q=0',
    '*/*;q=0',
    'application/json; charset=iso-8859-1',
    'application/vnd.ms-excel',
    'nonsense',
  ])('%s', async accept => {
    const { server, computer, token } = await aReader()
    const answer = await server.get(reportUrl(computer), { token, headers: { accept } })
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([406, 'application/json; charset=utf-8'])
    expect(answer.json()).toMatchObject({ error: 'not_acceptable' })
  })
})
