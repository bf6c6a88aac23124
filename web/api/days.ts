import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { DaysOfSets, DaysRequest, SetDays } from '../../src/wire/days.ts'
import { ask } from './ask.ts'
import { type SetName, setPath } from './backup-set.ts'

/** What a set was on each day of the last year. */
export function useDays(set: SetName) {
  return useQuery({ queryKey: ['days', set], queryFn: () => ask<SetDays>('GET', `${setPath(set)}/days`) })
}

/** Of so many sets the server tells at once. */
const mostSets = 100

/** What some sets were on each of the last 30 days, as far as it has come. */
export function useDaysOfSets(partner: string, sets: DaysRequest['sets']): DaysOfSets['sets'] {
  const path = `/v1/partners/${encodeURIComponent(partner)}/backupset_days`
  const parts = Array.from({ length: Math.ceil(sets.length / mostSets) }, (_, index) =>
    sets.slice(index * mostSets, (index + 1) * mostSets),
  )
  return useQueries({
    queries: parts.map(part => ({
      queryKey: ['days', partner, part],
      queryFn: () => ask<DaysOfSets>('POST', path, { sets: part }),
      placeholderData: keepPreviousData,
    })),
    combine: answers => answers.flatMap(({ data }) => data?.sets ?? []),
  })
}
