import { useQuery } from '@tanstack/react-query'
import type { Triage } from '../../src/wire/triage.ts'
import { ask } from './ask.ts'

/** What needs a person below a partner. */
export function useTriage(partner: string) {
  return useQuery({
    queryKey: ['triage', partner],
    queryFn: () => ask<Triage>('GET', `/v1/partners/${encodeURIComponent(partner)}/triage`),
    // What becomes due changes without anybody saying so where the line to the server is cut.
    refetchInterval: 60_000,
  })
}
