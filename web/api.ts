import { keepPreviousData, type Query, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ActionHistory } from '../src/wire/action-history.ts'
import type { BackupStatus } from '../src/wire/backup-status.ts'
import type { ConditionChange } from '../src/wire/condition-change.ts'
import type { SetExplanation } from '../src/wire/explanation.ts'
import type { List } from '../src/wire/list.ts'
import type { CodeSecret, LinkPerson, SessionRow, SignedInPerson } from '../src/wire/session.ts'
import type { Triage } from '../src/wire/triage.ts'
import type { Static } from 'typebox'
import type { FleetSearch } from './router.tsx'

/** The server refused: its status, its constant, and its sentence for people. */
export class Refusal extends Error {
  readonly status: number
  readonly error: string

  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.error = error
  }
}

/** Asks the server; throws a `Refusal` for everything that is not a success. */
async function ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  // The server's messages are of its own schemas; a proxy in between may answer anything.
  if (response.ok) return readJson(text) as Answer
  const { error = '', error_description: description } = readJson(text) as {
    error?: string
    error_description?: string
  }
  throw new Refusal(response.status, error, description ?? `${response.status} ${response.statusText}`)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text)
  } catch {
    // Not JSON, so that nothing is known but the status.
    return {}
  }
}

/** What was asked is kept until the server says that something changed; a refusal is not asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => !(error instanceof Refusal && error.status < 500) && count < 2,
    },
  },
})

const whoKey = ['session']

/** Who has signed in; null: nobody. */
export function usePerson() {
  return useQuery({
    queryKey: whoKey,
    staleTime: Infinity,
    queryFn: async () => {
      try {
        return await ask<SignedInPerson>('GET', '/session')
      } catch (failure) {
        if (failure instanceof Refusal && failure.status === 401) return null
        throw failure
      }
    },
  })
}

/** What needs a person below a partner. */
export function useTriage(partner: string) {
  return useQuery({
    queryKey: ['triage', partner],
    queryFn: () => ask<Triage>('GET', `/v1/partners/${encodeURIComponent(partner)}/triage`),
    // What becomes due changes without anybody saying so where the line to the server is cut.
    refetchInterval: 60_000,
  })
}

/** How many sets are on a page of the list of all. */
export const fleetPageSize = 50

/** A page of the report over all sets below a partner; while another one is on its way, the one before stays. */
export function useBackupStatus(partner: string, { status, order, descending, page }: FleetSearch) {
  const query = new URLSearchParams({
    order_by: order ?? 'CONDITION_STATUS',
    order_dir: descending ? 'DESC' : 'ASC',
    page: String(page ?? 1),
    page_size: String(fleetPageSize),
    ...(status && { condition_status: status }),
  })
  const path = `/v1/partners/${encodeURIComponent(partner)}/reports/backup_status?${query}`
  return useQuery({
    queryKey: ['fleet', path],
    queryFn: () => ask<List<BackupStatus>>('GET', path),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
}

/** Names a backup set. */
export type SetName = { username: string; computerId: string; name: string }

const setPath = ({ username, computerId, name }: SetName) =>
  `/v1/accounts/${encodeURIComponent(username)}/computers/${encodeURIComponent(computerId)}/backupsets/${encodeURIComponent(name)}`

/** Why a set stands as it does. */
export function useExplanation(set: SetName) {
  return useQuery({
    queryKey: ['explanation', set],
    queryFn: () => ask<SetExplanation>('GET', `${setPath(set)}/explain`),
  })
}

/** The newest changes of the condition of a set, newest first. */
export function useConditionChanges(set: SetName) {
  return useQuery({
    queryKey: ['changes', set],
    queryFn: () => ask<List<ConditionChange>>('GET', `${setPath(set)}/condition_changes?page_size=50`),
  })
}

/** The newest runs of a computer. */
export function useRuns({ username, computerId }: SetName) {
  return useQuery({
    queryKey: ['runs', username, computerId],
    queryFn: () =>
      ask<List<ActionHistory>>(
        'GET',
        `/v1/accounts/${encodeURIComponent(username)}/computers/${encodeURIComponent(computerId)}/action_history?order_by=LOCAL_START&order_dir=DESC&page_size=50`,
      ),
  })
}

/** Where one is signed in. */
export function useSessions() {
  return useQuery({ queryKey: ['sessions'], queryFn: () => ask<SessionRow[]>('GET', '/session/list') })
}

/** Whom a link is for. */
export function useLinkPerson(secret: string) {
  return useQuery({
    queryKey: ['link', secret],
    enabled: secret !== '',
    retry: false,
    queryFn: () => ask<Static<typeof LinkPerson>>('POST', '/session/link/person', { secret }),
  })
}

/** A link that was taken is none any more: asking for it again would be a wrong secret. */
const isKept = ({ queryKey: [name] }: Pick<Query, 'queryKey'>) => name !== 'link'

/** A change; what was asked before is asked again after it. */
function useChange<Given, Answer = void>(change: (given: Given) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation<Answer, Error, Given>({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ predicate: isKept }),
  })
}

export const useSignIn = () =>
  useChange((given: { username: string; password: string; code?: string }) => ask('POST', '/session', given))

export const useTakeLink = () =>
  useChange((given: { secret: string; password: string; username?: string; name?: string }) =>
    ask('POST', '/session/link', given),
  )

/** Signs out; nothing of what was seen stays in the page. */
export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => ask('DELETE', '/session'),
    onSuccess: () => {
      client.setQueryData(whoKey, null)
      client.removeQueries({ predicate: ({ queryKey: [name] }) => name !== whoKey[0] })
    },
  })
}

export const useChangePassword = () =>
  useChange((given: { password: string; new_password: string }) => ask('PUT', '/session/password', given))

export const useNewCodeSecret = () =>
  useMutation({ mutationFn: () => ask<CodeSecret>('POST', '/session/codes/secret') })

export const useStartCodes = () =>
  useChange((given: { password: string; secret: string; code: string }) => ask('PUT', '/session/codes', given))

export const useEndCodes = () => useChange((given: { password: string }) => ask('DELETE', '/session/codes', given))

export const useEndOtherSessions = () => useChange(() => ask('DELETE', '/session/others'))
