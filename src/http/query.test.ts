import { describe, expect, test } from 'vitest'
import { aReader, aReaderOfEveryStatus, type Row, rowsOf } from '../../test/support/a-reader.ts'
import { aReport, recordReport, reportUrl } from '../../test/support/builders.ts'

describe('200: selection', () => {
  test.each([
    ['one', 'condition_status=FAILURE', ['Failure']],
    ['repeated', 'condition_status=FAILURE&condition_status=WARNING', ['Failure', 'Warning']],
    ['commas', 'condition_status=FAILURE,WARNING', ['Failure', 'Warning']],
    ['encoded commas', 'condition_status=FAILURE%2CWARNING', ['Failure', 'Warning']],
    ['pipes', 'condition_status=FAILURE|WARNING', ['Failure', 'Warning']],
    ['encoded pipes', 'condition_status=FAILURE%7CWARNING', ['Failure', 'Warning']],
    ['literal plus signs', 'condition_status=FAILURE+WARNING', ['Failure', 'Warning']],
    ['encoded plus signs', 'condition_status=FAILURE%2BWARNING', ['Failure', 'Warning']],
    ['spaces', 'condition_status=FAILURE%20WARNING', ['Failure', 'Warning']],
    [
      'all ways at once',
      'condition_status=FAILURE,WARNING&condition_status=RUNNING',
      ['Failure', 'Running', 'Warning'],
    ],
    ['lower case', 'condition_status=failure', ['Failure']],
    ['mixed case', 'condition_status=fAilure|WARNing', ['Failure', 'Warning']],
    ['separators at the end', 'condition_status=FAILURE,', ['Failure']],
    ['separators in a row', 'condition_status=,FAILURE||WARNING++', ['Failure', 'Warning']],
    ['the same twice', 'condition_status=FAILURE,FAILURE', ['Failure']],
    ['all', 'condition_status=COMPLETED,RUNNING,WARNING,FAILURE', ['Completed', 'Failure', 'Running', 'Warning']],
    ['none', '', ['Completed', 'Failure', 'Running', 'Warning']],
  ])('condition_status: %s', async (_, query, sets) => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    const answer = await server.get(reportUrl(computer, `?${query}`), { token })
    const { list, ...envelope } = answer.json<{ list: Row[] }>()
    expect(list.map(row => row['backupset_name'])).toEqual(sets)
    expect(envelope).toMatchObject({ page: 1, page_size: sets.length, count: sets.length })
  })

  test('a selection that fits nothing is an empty list', async () => {
    const { server, computer, token } = await aReader()
    await recordReport(server, computer)
    expect(await rowsOf(server, computer, token, '?condition_status=FAILURE')).toEqual([])
  })
})

const sorted = ['Completed', 'Failure', 'Running', 'Warning']

describe('200: order', () => {
  test.each([
    ['none', '', sorted],
    ['order_by=USERNAME', '?order_by=USERNAME', sorted],
    ['lower case', '?order_by=username&order_dir=asc', sorted],
    ['order_dir=DESC is the reverse', '?order_dir=DESC', sorted.toReversed()],
    ['both', '?order_by=USERNAME&order_dir=desc', sorted.toReversed()],
  ])('%s', async (_, query, names) => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    const rows = await rowsOf(server, computer, token, query)
    expect(rows.map(row => row['backupset_name'])).toEqual(names)
  })

  test('sets are in the order of their code units, the same on every machine', async () => {
    const { server, computer, token } = await aReader()
    for (const name of ['b', 'ä', 'B', 'a', '10', '9']) {
      await recordReport(server, computer, aReport({ backupset_name: name }))
    }
    const rows = await rowsOf(server, computer, token)
    expect(rows.map(row => row['backupset_name'])).toEqual(['10', '9', 'B', 'a', 'b', 'ä'])
  })
})

describe('200: find', () => {
  test.each([
    ['a part of the name of a set, in any letter case', 'find=AIL', ['Failure']],
    ['the name of its computer', 'find=file%20serv', sorted],
    ['the username of its account', 'find=acm', sorted],
    ['nothing that there is', 'find=xyz', []],
    ['together with a status', 'find=n&condition_status=RUNNING,FAILURE', ['Running']],
  ])('%s', async (_, query, names) => {
    const { server, computer, token } = await aReaderOfEveryStatus()
    const rows = await rowsOf(server, computer, token, `?${query}`)
    expect(rows.map(row => row['backupset_name'])).toEqual(names)
  })
})

describe('200: paging', () => {
  test.each(['page=2', 'page_size=1', 'page=0&page_size=-3', 'page=x&page_size=', 'page=1&page=2', 'page=%00'])(
    '%s is ignored: the report is one page',
    async query => {
      const { server, computer, token } = await aReaderOfEveryStatus()
      const answer = await server.get(reportUrl(computer, `?${query}`), { token })
      expect(answer.json()).toMatchObject({ page: 1, page_size: 4, count: 4, list: { length: 4 } })
    },
  )
})

describe('400', () => {
  test.each([
    [
      'an unknown parameter',
      'colour=red',
      '"colour" is not a parameter of this path; there are condition_status, find, order_by, order_dir, page, page_size.',
    ],
    [
      'a parameter in another letter case',
      'Condition_Status=FAILURE',
      '"Condition_Status" is not a parameter of this path; there are condition_status, find, order_by, order_dir, page, page_size.',
    ],
    [
      'an unknown constant',
      'condition_status=MISSED',
      'condition_status must be one of FAILURE, WARNING, RUNNING, COMPLETED, not "MISSED".',
    ],
    [
      'an unknown constant among known',
      'condition_status=FAILURE,RED',
      'condition_status must be one of FAILURE, WARNING, RUNNING, COMPLETED, not "RED".',
    ],
    [
      'a selector that selects nothing',
      'condition_status=,',
      'condition_status must be one or more of FAILURE, WARNING, RUNNING, COMPLETED.',
    ],
    ['nothing that is looked for', 'find=', 'find must have from 1 to 100 characters.'],
    ['too much that is looked for', `find=${'x'.repeat(101)}`, 'find must have from 1 to 100 characters.'],
    ['an unknown order', 'order_by=BACKUPSET_NAME', 'order_by must be USERNAME, not "BACKUPSET_NAME".'],
    ['an order given twice', 'order_by=USERNAME&order_by=USERNAME', 'order_by must be given once.'],
    ['an unknown direction', 'order_dir=UP', 'order_dir must be one of ASC, DESC, not "UP".'],
  ])('%s is named, with what is allowed', async (_, query, description) => {
    const { server, computer, token } = await aReader()
    const answer = await server.get(reportUrl(computer, `?${query}`), { token })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toEqual({
      error: 'invalid_request',
      error_description: description,
      request_id: expect.stringMatching(/^[0-9a-z-]+$/),
    })
  })

  test('what the caller sent is repeated only in part', async () => {
    const { server, computer, token } = await aReader()
    const answer = await server.get(reportUrl(computer, `?order_by=${'x'.repeat(5_000)}`), { token })
    expect(answer.statusCode).toBe(400)
    expect(answer.body.length).toBeLessThan(300)
  })

  test('the error is in the format that was asked for', async () => {
    const { server, computer, token } = await aReader()
    const headers = { accept: 'application/xml' }
    const answer = await server.get(reportUrl(computer, '?a=%3Cb%3E'), { token, headers })
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(answer.body).toMatch(
      /^<\?xml .*\n<error><error>invalid_request<\/error><error_description>&quot;a&quot; is not .*<\/error_description><request_id>[0-9a-z-]+<\/request_id><\/error>$/,
    )
  })

  test('a path that is not percent-encoded UTF-8', async () => {
    const { server, token } = await aReader()
    const answer = await server.get('/v1/accounts/%E0%A4%A/computers/0000/reports/backup_status', { token })
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: 'invalid_request' }])
  })
})
