import { expect, test } from 'vitest'
import { findCodeStep, mintCodeSecret, toAuthenticatorUrl, toCode } from './one-time-codes.ts'

// RFC 6238, appendix B: the secret of SHA-1, and the last six of its eight digits.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i seconds the code is %s', (second, code) => {
  expect(toCode(secret, second * 1_000)).toBe(code)
  expect(findCodeStep(secret, code, second * 1_000)).toBe(Math.floor(second / 30))
})

test('a code is good a step early and a step late, and no longer', () => {
  const at = 1_234_567_890_000
  const step = Math.floor(at / 30_000)
  for (const [later, found] of [
    [-60, undefined],
    [-30, step],
    [0, step],
    [30, step],
    [60, undefined],
  ] as const) {
    expect([later, findCodeStep(secret, '005924', at + later * 1_000)]).toEqual([later, found])
  }
})

test.each(['', '00592', '0059244', 'abcdef', '005 92', '٠٠٥٩٢٤'])('%j is no code', code => {
  expect(findCodeStep(secret, code, 1_234_567_890_000)).toBeUndefined()
})

test('a code may be typed with a space, as authenticators show it', () => {
  expect(findCodeStep(secret, ' 005 924 ', 1_234_567_890_000)).toBe(41_152_263)
})

test('a new secret has 160 bits, and authenticators can read it', () => {
  const minted = mintCodeSecret()
  expect(minted).toMatch(/^[A-Z2-7]{32}$/)
  expect(mintCodeSecret()).not.toBe(minted)
  const url = new URL(toAuthenticatorUrl(minted, 'office@acme'))
  expect([url.protocol, url.searchParams.get('secret'), url.searchParams.get('issuer')]).toEqual([
    'otpauth:',
    minted,
    'Lastgood',
  ])
})
