import { expect, test } from 'vitest'
import { readVerdict, type Verdict } from './verdict.ts'

test.each<[number, string | undefined, boolean, Verdict]>([
  [201, undefined, false, 'taken'],
  [200, undefined, false, 'taken'],
  [200, 'is no Lastgood server', false, 'server-trouble'],
  [301, 'points elsewhere', false, 'server-trouble'],
  [0, 'refused the connection', false, 'server-trouble'],
  [400, 'answered 400', true, 'refused'],
  [409, 'answered 409', true, 'refused'],
  [413, 'answered 413', true, 'refused'],
  [415, 'answered 415', true, 'refused'],
  [422, 'answered 422', true, 'refused'],
  [400, 'answered 400', false, 'server-trouble'],
  [405, 'answered 405', false, 'server-trouble'],
  [413, 'answered 413', false, 'report-trouble'],
  [401, 'does not know the key', true, 'server-trouble'],
  [403, 'answered 403', true, 'server-trouble'],
  [404, 'has no such set', true, 'report-trouble'],
  [404, 'has no such path', false, 'server-trouble'],
  [408, 'answered 408', true, 'server-trouble'],
  [429, 'answered 429', true, 'server-trouble'],
  [500, 'answered 500', true, 'report-trouble'],
  [500, 'answered 500', false, 'report-trouble'],
  [502, 'answered 502', false, 'server-trouble'],
  [503, 'answered 503', true, 'server-trouble'],
  [507, 'answered 507', true, 'server-trouble'],
])('%i (%s, explained: %s) means %s', (status, problem, isExplained, verdict) => {
  expect(readVerdict({ status, problem, isExplained, retryAfter: '' })).toBe(verdict)
})
