import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { paging, pagingOf, readQuery } from '../wire/parameters.ts'
import { cutPage, toListPage } from './paging.ts'

const url = 'https://backup.example.net/v1/list'

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
        const part = pagingOf(readQuery(paging(), given), { most: 50, usual: 10 })
        const page = toListPage(cutPage(rows, part), rows.length, part, asked)
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
