import type { Triage } from '../../src/wire/triage.ts'
import { useWords } from '../language.tsx'
import { type Status, StatusMark } from './status.tsx'

/** How many sets stand how, what is worst first. */
export function Counts({ counts }: { counts: Triage['counts'] }) {
  const words = useWords()
  const shown: [Status, number][] = [
    ['FAILURE', counts.failure],
    ['WARNING', counts.warning],
    ['RUNNING', counts.running],
    ['COMPLETED', counts.completed],
    ['NONE', counts.unjudged],
  ]
  return (
    <ul className="counts" aria-label={words.morning.counts}>
      {shown.map(([status, count]) => (
        <li key={status} className={count === 0 ? 'is-none' : `has-${status.toLowerCase()}`}>
          <strong>{count}</strong>
          <StatusMark status={status} />
        </li>
      ))}
    </ul>
  )
}
