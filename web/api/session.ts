import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Static } from 'typebox'
import type { CodeSecret, LinkPerson, SessionRow, SignedInPerson } from '../../src/wire/session.ts'
import { ask, Refusal, useChange } from './ask.ts'

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
