import { expect, test } from 'vitest'
import { openProgress } from './progress.ts'

function aProgress({ isTTY = true } = {}) {
  const written: string[] = []
  const clock = { now: 0 }
  const stream = { isTTY, write: (text: string) => written.push(text) > 0 }
  return { written, clock, progress: openProgress(stream, () => clock.now) }
}

test('a line is written once it takes longer than a second, at most five times a second, and taken away', () => {
  const { written, clock, progress } = aProgress()
  for (clock.now = 0; clock.now <= 1_450; clock.now += 50) progress.tell(String(clock.now))
  progress.close()
  expect(written).toEqual(['\r1000\u001B[K', '\r1200\u001B[K', '\r1400\u001B[K', '\r\u001B[K'])
})

test('what is done within a second writes nothing, and so does what has no terminal', () => {
  for (const { written, clock, progress } of [aProgress(), aProgress({ isTTY: false })]) {
    clock.now = 900
    progress.tell('9 of 10')
    progress.close()
    expect(written).toEqual([])
  }
  const { written, clock, progress } = aProgress({ isTTY: false })
  clock.now = 9_000
  progress.tell('9 of 10')
  expect(written).toEqual([])
})
