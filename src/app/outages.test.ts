import { expect, test } from 'vitest'
import { AppError } from '../domain/app-error.ts'
import { seconds } from '../domain/instant.ts'
import { buildOutages } from './outages.ts'

test('an outage is news once, however long it lasts and whoever meets it; the next one is news again', () => {
  let now = 0
  const isNews = buildOutages(() => now)
  const away = new AppError('unavailable', 'The database cannot answer now.')
  const told = [0, 1, 2, 60, 119, 180, 181].map(at => {
    now = seconds(at)
    return isNews(away)
  })
  expect(told).toEqual([true, false, false, false, false, true, false])
})

test('a bug is news every time, also during an outage', () => {
  const isNews = buildOutages(() => 0)
  isNews(new AppError('unavailable', 'The database cannot answer now.'))
  expect([isNews(new Error('bug')), isNews(new Error('bug'))]).toEqual([true, true])
})
