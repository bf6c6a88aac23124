import { expect, test } from 'vitest'
import { hashPassword, isPassword } from './passwords.ts'

test('a password is known again, and nothing else is it', async () => {
  const stored = await hashPassword('correct horse battery')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  expect(await isPassword('correct horse battery', stored)).toBe(true)
  expect(await isPassword('correct horse batterz', stored)).toBe(false)
  expect(await isPassword('', stored)).toBe(false)
})

test('the same password is stored differently each time', async () => {
  const [one, other] = await Promise.all([hashPassword('correct horse battery'), hashPassword('correct horse battery')])
  expect(one).not.toBe(other)
})

test('the same letters typed in another way are the same password', async () => {
  const stored = await hashPassword('Schl\u00FCssel f\u00FCr alles')
  expect(await isPassword('Schlu\u0308ssel fu\u0308r alles', stored)).toBe(true)
})

test('of nobody no password is right, not even the one that is compared with', async () => {
  expect(await isPassword('correct horse battery', null)).toBe(false)
  expect(await isPassword('', null)).toBe(false)
})

test('what is not of argon2id is no stored password', async () => {
  await expect(isPassword('password1234', '$2y$10$abcdefghijklmnopqrstuv')).rejects.toThrow('argon2id')
})

test('many that sign in at once have their turn one after the other', async () => {
  const stored = await hashPassword('correct horse battery')
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => isPassword(index % 2 === 0 ? 'correct horse battery' : 'wrong', stored)),
  )
  expect(answers).toEqual(Array.from({ length: 12 }, (_, index) => index % 2 === 0))
})
