import { type List } from '../wire/list.ts'
import { readWholeNumber } from './query.ts'

/** Which page of a list somebody asks for. */
export type Paging = { page: number; pageSize: number }

/** The query parameters that ask for a page. */
export const pagingParameters = ['page', 'page_size'] as const

/** How many rows a page has: at most, and unless the caller says otherwise. */
export type PageBounds = { most: number; usual: number }

const usualBounds: PageBounds = { most: 50, usual: 10 }

/** Reads which page is asked for. Throws `invalid`, naming the parameter and its bounds. */
export function readPaging(
  given: Partial<Record<(typeof pagingParameters)[number], string>>,
  { most, usual }: PageBounds = usualBounds,
): Paging {
  return {
    page: readWholeNumber(given.page, 'page', { least: 1, most: Number.MAX_SAFE_INTEGER, usual: 1 }),
    pageSize: readWholeNumber(given.page_size, 'page_size', { least: 1, most, usual }),
  }
}

/** The rows of one page; of a page past the end, none. */
export function cutPage<Row>(rows: readonly Row[], { page, pageSize }: Paging): Row[] {
  return rows.slice((page - 1) * pageSize, page * pageSize)
}

/**
 * A page of a list with the links to the first and the next one. `count` is the number of rows over all pages, `url` is
 * what the caller asked for, absolute.
 */
export function toListPage<Row>(list: Row[], count: number, { page, pageSize }: Paging, url: string): List<Row> {
  const links = [{ rel: 'first', href: toPageUrl(url, 1) }]
  if (page * pageSize < count) links.push({ rel: 'next', href: toPageUrl(url, page + 1) })
  return { page, page_size: pageSize, count, links, list }
}

/** The caller's own URL with another page; its other parameters stay as they were written. */
function toPageUrl(url: string, page: number): string {
  const mark = url.indexOf('?')
  const [path, query] = mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
  const kept = query.split('&').filter(pair => pair !== '' && !new URLSearchParams(pair).has('page'))
  return `${path}?${[...kept, `page=${page}`].join('&')}`
}
