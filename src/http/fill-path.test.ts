import { expect, test } from 'vitest'
import { fillPath } from './fill-path.ts'

test.each([
  ['/v1/accounts/:username', { username: 'acme' }, '/v1/accounts/acme'],
  ['/v1/accounts/:username/computers/:computer_id', { username: 'a', computer_id: '0' }, '/v1/accounts/a/computers/0'],
  ['/v1/sets/:name/explain', { name: 'R&D/ü ?#%' }, '/v1/sets/R%26D%2F%C3%BC%20%3F%23%25/explain'],
  ['/v1/sets/:name', { name: '$&:name' }, '/v1/sets/%24%26%3Aname'],
  ['/v1/general/time', {}, '/v1/general/time'],
])('%s with %j is %s', (path, names, filled) => {
  expect(fillPath(path, names)).toBe(filled)
})

test('a name that is missing is a mistake', () => {
  expect(() => fillPath('/v1/accounts/:username', {})).toThrow('Say what :username stands for')
})
