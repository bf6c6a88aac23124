import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Account, AccountInfo } from '../../src/wire/account.ts'
import type { ActionHistory } from '../../src/wire/action-history.ts'
import type { BackupStatus } from '../../src/wire/backup-status.ts'
import type { Computer, ComputerInfo, ComputerRow } from '../../src/wire/computer.ts'
import type { List } from '../../src/wire/list.ts'
import type { Signup } from '../../src/wire/signup.ts'
import type { Triage } from '../../src/wire/triage.ts'
import type { AccountsSearch, PageSearch } from '../router.tsx'
import { ask } from './ask.ts'

/** How many accounts and how many computers are on a page. */
export const accountsPageSize = 50
export const computersPageSize = 50

const accountPath = (username: string) => `/v1/accounts/${encodeURIComponent(username)}`
const computerPath = (username: string, computerId: string) =>
  `${accountPath(username)}/computers/${encodeURIComponent(computerId)}`

/** The accounts below a partner. */
export function useAccounts(partner: string, { order, descending, page }: AccountsSearch) {
  const query = new URLSearchParams({
    type: 'ACCOUNT',
    order_by: order ?? 'NAME',
    order_dir: descending ? 'DESC' : 'ASC',
    page: String(page ?? 1),
    page_size: String(accountsPageSize),
  })
  const path = `/v1/partners/${encodeURIComponent(partner)}/signups?${query}`
  return useQuery({
    queryKey: ['accounts', path],
    queryFn: () => ask<List<Signup>>('GET', path),
    placeholderData: keepPreviousData,
  })
}

/** What is known of an account: what it is called, and what its backups take up. */
export function useAccount(username: string) {
  return useQuery({
    queryKey: ['account', username],
    queryFn: async () => {
      const [account, info] = await Promise.all([
        ask<Account>('GET', accountPath(username)),
        ask<AccountInfo>('GET', `${accountPath(username)}/info`),
      ])
      return { ...info, ...account }
    },
  })
}

/** How the sets of an account stand. */
export function useAccountTriage(username: string) {
  return useQuery({
    queryKey: ['triage', 'account', username],
    queryFn: () => ask<Triage>('GET', `${accountPath(username)}/triage`),
    refetchInterval: 60_000,
  })
}

/** The computers of an account. */
export function useComputers(username: string, { page }: PageSearch) {
  const query = new URLSearchParams({
    order_by: 'NAME',
    page: String(page ?? 1),
    page_size: String(computersPageSize),
  })
  return useQuery({
    queryKey: ['computers', username, page],
    queryFn: () => ask<List<ComputerRow>>('GET', `${accountPath(username)}/computers?${query}`),
    placeholderData: keepPreviousData,
  })
}

/** What is known of a computer. */
export function useComputer(username: string, computerId: string) {
  return useQuery({
    queryKey: ['computer', username, computerId],
    queryFn: async () => {
      const path = computerPath(username, computerId)
      const [computer, info] = await Promise.all([ask<Computer>('GET', path), ask<ComputerInfo>('GET', `${path}/info`)])
      return { ...info, ...computer }
    },
  })
}

/** How the sets of a computer stand. */
export function useSetsOfComputer(username: string, computerId: string) {
  return useQuery({
    queryKey: ['fleet', 'computer', username, computerId],
    queryFn: () => ask<List<BackupStatus>>('GET', `${computerPath(username, computerId)}/reports/backup_status`),
    refetchInterval: 60_000,
  })
}

/** The newest runs of a computer, of whatever type. */
export function useRunsOfComputer(username: string, computerId: string) {
  const query = new URLSearchParams({ order_by: 'LOCAL_START', order_dir: 'DESC', page_size: '20' })
  return useQuery({
    queryKey: ['runs', 'computer', username, computerId],
    queryFn: () => ask<List<ActionHistory>>('GET', `${computerPath(username, computerId)}/action_history?${query}`),
  })
}
