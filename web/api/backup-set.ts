import { useQuery } from '@tanstack/react-query'
import type { ActionHistory } from '../../src/wire/action-history.ts'
import type { ConditionChange } from '../../src/wire/condition-change.ts'
import type { SetExplanation } from '../../src/wire/explanation.ts'
import type { List } from '../../src/wire/list.ts'
import { ask } from './ask.ts'

/** Names a backup set. */
export type SetName = { username: string; computerId: string; name: string }

/** Where the API has a set. */
export const setPath = ({ username, computerId, name }: SetName) =>
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

/** How many runs of a set are shown. */
export const runPageSize = 50

/** The newest runs of a set. */
export function useRuns(set: SetName) {
  const { username, computerId, name } = set
  const query = new URLSearchParams({
    backupset: name,
    type: 'BACKUP',
    order_by: 'LOCAL_START',
    order_dir: 'DESC',
    page_size: String(runPageSize),
  })
  const computer = `/v1/accounts/${encodeURIComponent(username)}/computers/${encodeURIComponent(computerId)}`
  return useQuery({
    queryKey: ['runs', set],
    queryFn: () => ask<List<ActionHistory>>('GET', `${computer}/action_history?${query}`),
  })
}
