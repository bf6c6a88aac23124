import { useQuery } from '@tanstack/react-query'
import type { ActionHistory } from '../../src/wire/action-history.ts'
import { ask, askText } from './ask.ts'

/** Names a run. */
export type RunName = { username: string; computerId: string; actionId: string }

/** Where the API has a run. */
export const runPath = ({ username, computerId, actionId }: RunName) =>
  `/v1/accounts/${encodeURIComponent(username)}/computers/${encodeURIComponent(computerId)}/runs/${encodeURIComponent(actionId)}`

/** One run. */
export function useRun(run: RunName) {
  return useQuery({ queryKey: ['run', run], queryFn: () => ask<ActionHistory>('GET', runPath(run)) })
}

/** What it logged. */
export function useRunLog(run: RunName) {
  return useQuery({ queryKey: ['run', run, 'log'], queryFn: () => askText(`${runPath(run)}/log`) })
}
