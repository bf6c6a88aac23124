import { type Static, type TSchema, Type } from 'typebox'
import { Count } from './schema.ts'

/** A link of a list to its pages. */
export const PageLink = Type.Object(
  {
    rel: Type.String({ xml: { attribute: true }, examples: ['first'] }),
    href: Type.String({ xml: { attribute: true }, examples: ['https://backup.example.net/v1/…?page=1'] }),
  },
  { title: 'PageLink', xml: { name: 'link' } },
)

/** The envelope of a list; `count` is the number of rows over all pages. */
export const ListOf = <Row extends TSchema>(row: Row) =>
  Type.Object(
    {
      page: Count({ xml: { attribute: true } }),
      page_size: Count({ xml: { attribute: true } }),
      count: Count({ xml: { attribute: true } }),
      links: Type.Array(PageLink),
      list: Type.Array(row),
    },
    { ...titleOf(row), xml: { name: 'list' } },
  )

/** The list of what has a title has one of its own. */
function titleOf(row: TSchema): { title?: string } {
  const { title } = row as { title?: string }
  return title === undefined ? {} : { title: `${title}List` }
}

export type List<Row> = {
  page: number
  page_size: number
  count: number
  links: Static<typeof PageLink>[]
  list: Row[]
}
