import type { SetDays } from '../../src/wire/days.ts'
import './day-square.css'

/** What a set was on a day. */
export type DayStatus = SetDays['days'][number]['condition_status']

/** Worst first, as the legend has them. */
export const dayStatuses = ['FAILURE', 'WARNING', 'UNKNOWN', 'RUNNING', 'COMPLETED', 'NONE'] as const

// On a field of ten by ten: a sign for each, so that colour tells nothing that is not told otherwise.
const signs: Record<DayStatus, string> = {
  FAILURE: 'M2.5 2.5l5 5 M7.5 2.5l-5 5',
  WARNING: 'M5 2v3.5 M5 7.6v.4',
  UNKNOWN: 'M2 5h6',
  RUNNING: 'M3.5 2.5l4 2.5-4 2.5z',
  COMPLETED: '',
  NONE: '',
}

/** A day as a square of ten by ten with a sign on it, at its place in a drawing. */
export function DaySquare({ status, x, y, title }: { status: DayStatus; x: number; y: number; title?: string }) {
  return (
    <g className={`day day-${status.toLowerCase()}`} transform={`translate(${x} ${y})`}>
      {title !== undefined && <title>{title}</title>}
      <rect x="0.5" y="0.5" width="9" height="9" rx="1.5" />
      {signs[status] !== '' && <path d={signs[status]} />}
    </g>
  )
}
