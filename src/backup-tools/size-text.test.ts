import { expect, test } from 'vitest'
import { toBytes } from './size-text.ts'

test.each([
  ['0 B', 1_000, 0],
  ['668', 1_000, 668],
  ['4.2 GiB', 1_000, 4_509_715_661],
  ['1.3 GB', 1_000, 1_300_000_000],
  ['1.3 GB', 1_024, 1_395_864_371],
  ['1,5 KB', 1_024, 1_536],
  ['10.5 m', 1_024, 11_010_048],
  ['12 bytes', 1_000, 12],
  ['many', 1_000, null],
  ['-1 B', 1_000, null],
  ['1 XB', 1_000, null],
  ['99999999 PB', 1_000, null],
  ['', 1_000, null],
] as const)('%s, a kilobyte of %i', (text, kilobyte, bytes) => {
  expect(toBytes(text, kilobyte)).toBe(bytes)
})
