import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutPage, readPaging, toListPage } from './paging.ts'

const url = 'https://backup.example.net/v1/list'

describe('the page that is asked for', () => {
  test.each([
    [{}, { page: 1, pageSize: 10 }],
    [{ page: '3' }, { page: 3, pageSize: 10 }],
    [{ page_size: '50' }, { page: 1, pageSize: 50 }],
    [
      { page: '9007199254740991', page_size: '1' },
      { page: Number.MAX_SAFE_INTEGER, pageSize: 1 },
    ],
  ])('%j is %j', (given, paging) => {
    expect(readPaging(given)).toEqual(paging)
  })

  test.each(['0', '-1', '1.5', '1e1', '+1', ' 1', '0x1', '', 'one', '9007199254740993', '1'.repeat(5_000), '１'])(
    'page=%j is refused',
    page => {
      expect(() => readPaging({ page })).toThrow(/^page must be a whole number from 1 to 9007199254740991, not "/)
    },
  )

  test.each(['0', '51', '-1', '10.0', '', 'all', '99999999999999999999'])('page_size=%j is refused', page_size => {
    expect(() => readPaging({ page_size })).toThrow(/^page_size must be a whole number from 1 to 50, not "/)
  })

  test('a resource may have other bounds', () => {
    expect(readPaging({ page_size: '90' }, { most: 90, usual: 30 })).toEqual({ page: 1, pageSize: 90 })
    expect(readPaging({}, { most: 90, usual: 30 })).toEqual({ page: 1, pageSize: 30 })
    expect(() => readPaging({ page_size: '91' }, { most: 90, usual: 30 })).toThrow('from 1 to 90')
  })

  test('a long value is not repeated in full', () => {
    expect(() => readPaging({ page: 'x'.repeat(5_000) })).toThrow(/^.{1,180}$/)
  })
})

describe('links', () => {
  const linksOf = (asked: string, page: number, count: number) =>
    toListPage([], count, { page, pageSize: 10 }, asked).links.map(({ rel, href }) => [rel, href.slice(url.length)])

  test.each<[string, string, number, number, string[][]]>([
    ['of the only page', '', 1, 10, [['first', '?page=1']]],
    [
      'of a page with another behind it',
      '',
      1,
      11,
      [
        ['first', '?page=1'],
        ['next', '?page=2'],
      ],
    ],
    ['of the last page', '?page=2', 2, 20, [['first', '?page=1']]],
    ['of a page past the end', '?page=99', 99, 11, [['first', '?page=1']]],
    [
      'keep the caller’s other parameters as they were written',
      '?page_size=10&a=%20b+c&page=1&a=2&&x',
      1,
      11,
      [
        ['first', '?page_size=10&a=%20b+c&a=2&x&page=1'],
        ['next', '?page_size=10&a=%20b+c&a=2&x&page=2'],
      ],
    ],
    ['know the page however it is written', '?p%61ge=2&page', 2, 20, [['first', '?page=1']]],
    ['bear any escape', '?a=%&b=%ff&%', 1, 1, [['first', '?a=%&b=%ff&%&page=1']]],
  ])('%s', (_, query, page, count, links) => {
    expect(linksOf(url + query, page, count)).toEqual(links)
  })
})

test('the pages of a list together are the list, and lead from one to the next', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 50 }), (rows, pageSize) => {
      const seen: number[] = []
      let asked = `${url}?page_size=${pageSize}`
      for (;;) {
        const given = Object.fromEntries(new URL(asked).searchParams)
        const paging = readPaging(given)
        const page = toListPage(cutPage(rows, paging), rows.length, paging, asked)
        expect(page).toMatchObject({ page_size: pageSize, count: rows.length })
        seen.push(...page.list)
        const next = page.links.find(({ rel }) => rel === 'next')
        if (!next) break
        asked = next.href
      }
      expect(seen).toEqual(rows)
    }),
  )
})
