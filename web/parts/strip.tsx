import { useWords } from '../language.tsx'
import { type DayStatus, dayStatuses } from './day-square.tsx'

const [step, width, height] = [6, 5, 18]

/** How high a day stands: so that colour tells nothing that is not told otherwise. */
const heights: Record<DayStatus, number> = {
  FAILURE: height,
  WARNING: 13,
  UNKNOWN: 9,
  RUNNING: 9,
  COMPLETED: 6,
  NONE: 2,
}

/** The last days of a set in one line, the newest at the end: the higher, the worse. Without days it is as large. */
export function Strip({ statuses = [], length = 30 }: { statuses: readonly DayStatus[] | undefined; length?: number }) {
  const { calendar: words } = useWords()
  const told = dayStatuses
    .map(status => [status, statuses.filter(one => one === status).length] as const)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${words.statuses[status]}: ${count}`)
  return (
    <svg
      viewBox={`0 0 ${length * step} ${height}`}
      className="strip"
      role="img"
      aria-label={told.length === 0 ? words.noDays : `${words.lastDays(statuses.length)}: ${told.join(', ')}`}
    >
      {statuses.map((status, index) => (
        // A day has no other name than its place.
        // oxlint-disable-next-line react/no-array-index-key
        <g key={index} className={`day day-${status.toLowerCase()}`}>
          <rect
            x={(length - statuses.length + index) * step}
            y={height - heights[status]}
            width={width}
            height={heights[status]}
          />
        </g>
      ))}
    </svg>
  )
}
