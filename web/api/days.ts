import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { DaysOfSets, DaysRequest, SetDays } from '../../src/wire/days.ts'
import { ask } from './ask.ts'
import { type SetName, setPath } from './backup-set.ts'

/** What a set was on each day of the last year. */
export function useDays(set: SetName) {
  return useQuery({ queryKey: ['days', set], queryFn: () => ask<SetDays>('GET', `${setPath(set)}/days`) })
}

/** What some sets were on each of the last 30 days. */
export function useDaysOfSets(partner: string, sets: DaysRequest['sets']) {
  const path = `/v1/partners/${encodeURIComponent(partner)}/backupset_days`
  return useQuery({
    queryKey: ['days', partner, sets],
    enabled: sets.length > 0,
    queryFn: () => ask<DaysOfSets>('POST', path, { sets }),
    placeholderData: keepPreviousData,
  })
}
