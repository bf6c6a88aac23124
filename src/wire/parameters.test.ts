import { describe, expect, test } from 'vitest'
import {
  constant,
  constants,
  ignored,
  paging,
  pagingOf,
  readQuery,
  requiredText,
  text,
  wholeNumber,
} from './parameters.ts'

describe('the page that is asked for', () => {
  test.each([
    [{}, { page: 1, page_size: 10 }],
    [{ page: '3' }, { page: 3, page_size: 10 }],
    [{ page_size: '50' }, { page: 1, page_size: 50 }],
    [
      { page: '9007199254740991', page_size: '1' },
      { page: Number.MAX_SAFE_INTEGER, page_size: 1 },
    ],
  ])('%j is %j', (query, given) => {
    expect(readQuery(paging(), query)).toEqual(given)
  })

  test.each(['0', '-1', '1.5', '1e1', '+1', ' 1', '0x1', '', 'one', '9007199254740993', '1'.repeat(5_000), '１'])(
    'page=%j is refused',
    page => {
      expect(() => readQuery(paging(), { page })).toThrow(
        /^page must be a whole number from 1 to 9007199254740991, not "/,
      )
    },
  )

  test.each(['0', '51', '-1', '10.0', '', 'all', '99999999999999999999'])('page_size=%j is refused', page_size => {
    expect(() => readQuery(paging(), { page_size })).toThrow(/^page_size must be a whole number from 1 to 50, not "/)
  })

  test('has a size that another parameter tells, unless it is given', () => {
    const bounds = { most: 90, usual: { by: 'resolution', sizes: { DAY: 30, MONTH: 12 } } }
    const { page_size } = paging(bounds)
    expect(page_size).toMatchObject({
      description: 'How many rows a page has; left out: by resolution, 30 for DAY, 12 for MONTH.',
      schema: { minimum: 1, maximum: 90 },
    })
    const parameters = { resolution: constant('How long.', ['DAY', 'MONTH']), ...paging(bounds) }
    const read = (query: Record<string, string>) => pagingOf(readQuery(parameters, query), bounds)
    expect(read({})).toEqual({ page: 1, pageSize: 30 })
    expect(read({ resolution: 'month', page: '2' })).toEqual({ page: 2, pageSize: 12 })
    expect(read({ resolution: 'month', page_size: '90' })).toEqual({ page: 1, pageSize: 90 })
    expect(() => read({ page_size: '91' })).toThrow('page_size must be a whole number from 1 to 90, not "91".')
  })

  test('a long value is not repeated in full', () => {
    expect(() => readQuery(paging(), { page: 'x'.repeat(5_000) })).toThrow(/^.{1,180}$/)
  })

  test('other bounds are those of the list', () => {
    const wide = paging({ most: 1_000, usual: 100 })
    expect(readQuery(wide, {})).toEqual({ page: 1, page_size: 100 })
    expect(() => readQuery(wide, { page_size: '1001' })).toThrow('from 1 to 1000')
  })
})

const sizes = ['SMALL', 'LARGE'] as const
const parameters = {
  name: text('A name.'),
  schedule: requiredText('A schedule.', 'manual'),
  size: constant('A size.', sizes),
  sizes: constants('Some sizes.', sizes),
  count: wholeNumber('How many.', { least: 0, most: 9, usual: 5 }),
  old: ignored('Nothing.'),
}
const schedule = 'manual'

describe('a query', () => {
  test('that gives only what it must has the usual values', () => {
    const given = { name: undefined, schedule, size: 'SMALL', sizes: undefined, count: 5, old: undefined }
    expect(readQuery(parameters, { schedule })).toEqual(given)
  })

  test('is read parameter by parameter, constants in any letter case', () => {
    const query = { schedule, name: '', size: 'large', sizes: ['small,LARGE', 'small'], count: '0', old: ['x', 'y'] }
    expect(readQuery(parameters, query)).toMatchObject({ name: '', size: 'LARGE', sizes: new Set(sizes), count: 0 })
  })

  test.each([
    [{ other: '1' }, '"other" is not a parameter of this path; there are name, schedule, size, sizes, count, old.'],
    [{ constructor: '1' }, '"constructor" is not a parameter of this path; there are name, '],
    [{}, 'schedule is missing; send for example: schedule=manual.'],
    [{ schedule: ['a', 'b'] }, 'schedule must be given once.'],
    [{ schedule, name: ['a', 'b'] }, 'name must be given once.'],
    [{ schedule, size: ['SMALL', 'SMALL'] }, 'size must be given once.'],
    [{ schedule, size: '' }, 'size must be one of SMALL, LARGE, not "".'],
    [{ schedule, sizes: 'SMALL,HUGE' }, 'sizes must be one of SMALL, LARGE, not "HUGE".'],
    [{ schedule, sizes: ',' }, 'sizes must be one or more of SMALL, LARGE.'],
    [{ schedule, count: ['1', '2'] }, 'count must be given once.'],
    [{ schedule, count: '10' }, 'count must be a whole number from 0 to 9, not "10".'],
  ])('%j is refused', (query, message) => {
    expect(() => readQuery(parameters, query)).toThrow(message)
  })

  test('without parameters takes none', () => {
    expect(() => readQuery({}, { a: '1' })).toThrow('"a" is not a parameter of this path; there are none.')
  })
})
