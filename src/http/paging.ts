import type { RowWindow } from '../app/ports.ts'
import type { List } from '../wire/list.ts'
import type { Paging } from '../wire/parameters.ts'

/** Which rows of all of them a page has. */
export function toRowWindow({ page, pageSize }: Paging): RowWindow {
  return { skip: Math.min((page - 1) * pageSize, Number.MAX_SAFE_INTEGER), most: pageSize }
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
