import { useWords } from '../language.tsx'

/** A status, or that there is none yet. */
export type Status = 'FAILURE' | 'WARNING' | 'RUNNING' | 'COMPLETED' | 'NONE'

// A shape for each, so that colour tells nothing that is not told otherwise.
const shapes: Record<Status, string> = {
  FAILURE: 'M5 1h6l4 4v6l-4 4H5l-4-4V5z M5.5 5.5l5 5 M10.5 5.5l-5 5',
  WARNING: 'M8 1.5L15 14H1z M8 6v4 M8 11.8v.4',
  RUNNING: 'M3.5 2l9 6-9 6z',
  COMPLETED: 'M8 1a7 7 0 100 14A7 7 0 008 1z M4.8 8.3l2.2 2.2 4.2-4.8',
  NONE: 'M8 1a7 7 0 100 14A7 7 0 008 1z M4.5 8h7',
}

/** A status as a shape and a word. */
export function StatusMark({ status, isShort = false }: { status: Status; isShort?: boolean }) {
  const words = useWords()
  return (
    <span className={`status status-${status.toLowerCase()}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d={shapes[status]} />
      </svg>
      <span className={isShort ? 'visually-hidden' : undefined}>{words.status[status]}</span>
    </span>
  )
}
