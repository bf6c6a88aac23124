import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { BackupStatus } from '../../src/wire/backup-status.ts'
import type { List } from '../../src/wire/list.ts'
import type { FleetSearch } from '../router.tsx'
import { ask } from './ask.ts'

/** How many sets are on a page of the list of all. */
export const fleetPageSize = 50

/** A page of the report over all sets below a partner; while another one is on its way, the one before stays. */
export function useBackupStatus(partner: string, { find, status, order, descending, page }: FleetSearch) {
  const query = new URLSearchParams({
    order_by: order ?? 'CONDITION_STATUS',
    order_dir: descending ? 'DESC' : 'ASC',
    page: String(page ?? 1),
    page_size: String(fleetPageSize),
    ...(status && { condition_status: status }),
    ...(find && { find }),
  })
  const path = `/v1/partners/${encodeURIComponent(partner)}/reports/backup_status?${query}`
  return useQuery({
    queryKey: ['fleet', path],
    queryFn: () => ask<List<BackupStatus>>('GET', path),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
}
