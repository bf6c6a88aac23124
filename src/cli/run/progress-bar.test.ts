import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Progress } from '../../backup-tools/progress.ts'
import { toProgressBar } from './progress-bar.ts'

const nothing: Progress = {
  fraction: null,
  files: null,
  totalFiles: null,
  bytes: null,
  totalBytes: null,
  storedBytes: null,
  secondsLeft: null,
}
const much = { fraction: 0.459, files: 1_234, totalFiles: 5_678, bytes: 1_300_000, totalBytes: 9e9, secondsLeft: 100 }

test.each([
  [much, 200, `[${'='.repeat(18)}>${' '.repeat(21)}]   45%  1,234 of 5,678 files  1.2 MiB of 8.4 GiB  2 min left`],
  [much, 60, '[====>     ]   45%  1,234 of 5,678 files  1.2 MiB of 8.4 GiB'],
  [much, 40, '[====>     ]   45%  1,234 of 5,678 files'],
  [much, 20, '[=====>      ]   45%'],
  [much, 6, ' 45%'],
  [much, 2, ' 4'],
  [{ fraction: 1 }, 20, '[============]  100%'],
  [{ fraction: 0.9999 }, 20, '[===========>]   99%'],
  [{ files: 7, bytes: 512 }, 80, '7 files  512 B'],
  [{ fraction: 0, secondsLeft: 7_260 }, 40, '[>               ]    0%  2 h 1 min left'],
  [{ fraction: 0, secondsLeft: 59 }, 20, '[>           ]    0%'],
  [{}, 80, ''],
])('%j in %i columns', (progress, width, bar) => {
  expect(toProgressBar({ ...nothing, ...progress }, width)).toBe(bar)
})

test('it is never wider than the terminal, and never holds anything but letters, digits and signs', () => {
  const count = fc.option(fc.nat())
  const progress = fc.record({
    fraction: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    files: count,
    totalFiles: count,
    bytes: fc.option(fc.maxSafeNat()),
    totalBytes: fc.option(fc.maxSafeNat()),
    storedBytes: count,
    secondsLeft: count,
  })
  fc.assert(
    fc.property(progress, fc.integer({ min: -1, max: 300 }), (progress, width) => {
      const bar = toProgressBar(progress, width)
      expect(bar.length).toBeLessThanOrEqual(Math.max(0, width))
      expect(bar).toMatch(/^[ -~]*$/)
    }),
  )
})
