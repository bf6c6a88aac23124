import { Button, Checkbox, Group, Text, TextInput } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../language.tsx'
import { findInLines, type Match } from './find-in-lines.ts'
import './log-view.css'

/** What is looked for in a log, how it is shown, and the line that the address names, counted from 1. */
export type LogSearch = { find: string; isWrapped: boolean; line: number | null }

/** A line of which more is not shown: the plain text has all of it. */
const longestShown = 20_000

/** A log with numbered lines, of whatever length: only what can be seen is drawn. `change` is told what the reader wants. */
export function LogView({
  text,
  search,
  change,
}: {
  text: string
  search: LogSearch
  change: (changed: Partial<LogSearch>) => void
}) {
  const { run: words } = useWords()
  const lines = useMemo(() => toLines(text), [text])
  const matches = useMemo(() => findInLines(lines, search.find), [lines, search.find])
  const [at, setAt] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 24,
    overscan: 20,
  })
  const present = matches[Math.min(at, matches.length - 1)]
  const { line } = search

  useEffect(() => {
    if (line !== null && line <= lines.length) rows.scrollToIndex(line - 1, { align: 'center' })
  }, [line, lines.length, rows])

  // What is looked for is shown as soon as it is found; an address that names a line leads there first.
  const [first] = matches
  useEffect(() => {
    if (first && line === null) rows.scrollToIndex(first.line, { align: 'center' })
  }, [first, line, rows])

  function goTo(index: number) {
    const next = matches.length === 0 ? 0 : (index + matches.length) % matches.length
    setAt(next)
    const match = matches[next]
    if (match) rows.scrollToIndex(match.line, { align: 'center' })
  }

  return (
    <>
      <Group align="flex-end" mb="xs">
        <TextInput
          type="search"
          label={words.search}
          value={search.find}
          className="search"
          onChange={event => {
            setAt(0)
            change({ find: event.currentTarget.value })
          }}
          onKeyDown={event => {
            if (event.key === 'Enter') goTo(event.shiftKey ? at - 1 : at + 1)
          }}
        />
        <Button variant="default" disabled={matches.length === 0} onClick={() => goTo(at - 1)}>
          {words.previous}
        </Button>
        <Button variant="default" disabled={matches.length === 0} onClick={() => goTo(at + 1)}>
          {words.next}
        </Button>
        <Checkbox
          label={words.wrap}
          checked={search.isWrapped}
          onChange={event => change({ isWrapped: event.currentTarget.checked })}
        />
        <Text size="sm" c="dimmed" role="status">
          {words.lines(lines.length)}
          {search.find !== '' && ` · ${words.found(Math.min(at + 1, matches.length), matches.length)}`}
        </Text>
      </Group>
      <div
        ref={box}
        className={search.isWrapped ? 'log is-wrapped' : 'log'}
        role="region"
        aria-label={words.log}
        tabIndex={0}
      >
        <ol style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start, key }) => (
            <li
              key={key}
              ref={rows.measureElement}
              data-index={index}
              value={index + 1}
              className={line === index + 1 ? 'is-named' : undefined}
              style={{ transform: `translateY(${start}px)` }}
            >
              <a
                className="number"
                href={`#L${index + 1}`}
                aria-label={words.linkTo(index + 1)}
                onClick={event => {
                  event.preventDefault()
                  change({ line: index + 1 })
                }}
              >
                {index + 1}
              </a>
              <pre dir="auto">
                <Marked line={lines[index] ?? ''} index={index} matches={matches} present={present} />
              </pre>
            </li>
          ))}
        </ol>
      </div>
    </>
  )
}

/** A line with what was found in it. */
function Marked({
  line,
  index,
  matches,
  present,
}: {
  line: string
  index: number
  matches: readonly Match[]
  present: Match | undefined
}): ReactNode {
  const shown = line.slice(0, longestShown)
  const parts: ReactNode[] = []
  let end = 0
  for (const match of matches) {
    if (match.line !== index || match.from >= shown.length) continue
    parts.push(
      shown.slice(end, match.from),
      <mark key={match.from} className={match === present ? 'is-present' : undefined}>
        {shown.slice(match.from, match.until)}
      </mark>,
    )
    end = match.until
  }
  parts.push(shown.slice(end), line.length > longestShown && ' …')
  return parts
}

/** The end of the last line is no line of its own. */
function toLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}
