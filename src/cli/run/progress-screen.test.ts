import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linesOnTerminal } from '../../../test/support/terminal.ts'
import { openProgressScreen } from './progress-screen.ts'

const status = (percent: number) =>
  `{"message_type":"status","percent_done":${percent / 100},"files_done":${percent}}\n`
const ofRsync = (percent: number) => `\r  1,234  ${percent}%  1.23MB/s  0:00:01 (xfr#1, to-chk=1/4)`

describe('on the terminal', () => {
  test('a bar stands for progress, and other lines above it', async () => {
    const { screen, stdout, stderr, shown } = aScreen()
    await stdout.write(Buffer.from(`one\n${status(10)}`))
    expect(shown()).toEqual(['one', expect.stringContaining(' 10%')])
    await stderr.write(Buffer.from('a warning\n'))
    expect(shown()).toEqual(['one', 'a warning', expect.stringContaining(' 10%')])
    await stdout.write(Buffer.from(status(20)))
    expect(shown()).toEqual(['one', 'a warning', expect.stringContaining(' 20%')])
    await stdout.end()
    await screen.close()
    expect(shown()).toEqual(['one', 'a warning', ''])
  })

  test('a question that no line ends is shown at once, and no bar drawn over it', async () => {
    const { screen, stdout, stderr, shown } = aScreen()
    await stdout.write(Buffer.from(status(10)))
    await stderr.write(Buffer.from('enter password: '))
    await stdout.write(Buffer.from(status(20)))
    expect(shown()).toEqual(['enter password: '])
    await stderr.write(Buffer.from('\n'))
    expect(shown()).toEqual(['enter password: ', expect.stringContaining(' 20%')])
    await screen.close()
  })

  test('what looks like the beginning of progress is shown as soon as it is none, and at the end', async () => {
    const { stdout, shown } = aScreen()
    await stdout.write(Buffer.from('{"message'))
    expect(shown()).toEqual([''])
    await stdout.write(Buffer.from('_type":"summary"}\n  12 '))
    expect(shown()).toEqual(['{"message_type":"summary"}', ''])
    await stdout.write(Buffer.from('files\n{'))
    await stdout.end()
    expect(shown()).toEqual(['{"message_type":"summary"}', '  12 files', '{'])
  })

  test('what rsync draws over its line moves the bar before the line ends', async () => {
    const { screen, stdout, shown } = aScreen()
    await stdout.write(Buffer.from(`sending incremental file list\n${ofRsync(10)}`))
    expect(shown()).toEqual(['sending incremental file list', expect.stringContaining(' 10%')])
    await stdout.write(Buffer.from(`${ofRsync(100)}\n`))
    expect(shown()).toEqual(['sending incremental file list', expect.stringContaining('100%')])
    await stdout.end()
    await screen.close()
    expect(shown()).toEqual(['sending incremental file list', ''])
  })

  test('it is drawn no more than ten times a second', async () => {
    const { stdout, draws, tick } = aScreen()
    tick(0)
    for (let percent = 0; percent < 50; percent += 1) await stdout.write(Buffer.from(status(percent)))
    expect(draws()).toBe(1)
    tick(100)
    await stdout.write(Buffer.from(status(60)))
    expect(draws()).toBe(2)
  })

  test('whatever is written in whatever chunks, nothing but the progress is missing in the end', async () => {
    const line = fc.constantFrom('one\n', 'ä\n', '\n', '{"a":1}\n', '  12 files\n', 'x\r\n', status(10), status(90))
    const drawn = fc.array(fc.constantFrom(ofRsync(10), ofRsync(90)), { minLength: 1 }).map(all => `${all.join('')}\n`)
    const lines = fc.array(fc.oneof(line, drawn))
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(lines, sizes, async (pieces, sizes) => {
        const { screen, stdout, shown } = aScreen()
        for (const chunk of toChunks(Buffer.from(pieces.join('')), sizes)) await stdout.write(chunk)
        await stdout.end()
        await screen.close()
        const others = pieces.filter(piece => !piece.includes('status') && !piece.includes('%'))
        expect(shown()).toEqual(others.join('').replaceAll('\r\n', '\n').split('\n'))
      }),
    )
  })
})

test('a stream that goes elsewhere passes unchanged, and its progress is shown', async () => {
  const { screen, shown } = aScreen()
  const passed: Buffer[] = []
  const sink = screen.openUnshown(async bytes => void passed.push(bytes))
  const bytes = Buffer.from(`one\n${status(10)}two\n${status(40).slice(0, 20)}`)
  await sink.write(bytes)
  await sink.write(Buffer.from(status(40).slice(20)))
  await sink.end()
  expect(Buffer.concat(passed).toString()).toBe(`one\n${status(10)}two\n${status(40)}`)
  expect(shown()).toEqual([expect.stringContaining(' 40%')])
  await screen.close()
  expect(shown()).toEqual([''])
})

test('a terminal that cannot be written to fails the stream that is shown on it alone', async () => {
  const screen = openProgressScreen({ draw: async () => undefined, columns: () => 80, now: () => 0 })
  const broken = screen.openShown(() => Promise.reject(new Error('EIO')))
  const passed: string[] = []
  const whole = screen.openUnshown(async bytes => void passed.push(bytes.toString()))
  await expect(broken.write(Buffer.from('one\n'))).rejects.toThrow('EIO')
  await whole.write(Buffer.from(status(10)))
  expect(passed).toEqual([status(10)])
})

/** A screen with both streams on a terminal of 60 columns, whose clock moves a second at every look unless it is set. */
function aScreen() {
  let written = ''
  let draws = 0
  let now: number | null = null
  let clock = 0
  const write = async (bytes: Buffer) => {
    written += bytes.toString('latin1')
  }
  const screen = openProgressScreen({
    draw: async text => {
      draws += 1
      written += text
    },
    columns: () => 60,
    now: () => now ?? (clock += 1_000),
  })
  return {
    screen,
    stdout: screen.openShown(write),
    stderr: screen.openShown(write),
    shown: () => linesOnTerminal(written),
    draws: () => draws,
    tick: (at: number) => {
      now = at
    },
  }
}

function toChunks(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let start = 0; start < bytes.length;) {
    const size = sizes[chunks.length % sizes.length] ?? 1
    chunks.push(bytes.subarray(start, start + size))
    start += size
  }
  return chunks
}
