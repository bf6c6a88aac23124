import { parseNote } from '../domain/contact.ts'
import type { Account } from '../domain/tree.ts'
import { getAccount } from './accounts.ts'
import type { Store } from './ports.ts'

/**
 * Cancels an account: nothing is expected of its backup sets from now on. What its computers report is recorded as before.
 * One that is canceled already stays as it is, with the note of the first time. Throws `invalid` or `not-found`.
 */
export async function cancelAccount(store: Store, username: string, reasonNote: string): Promise<Account> {
  const cancellationNote = parseNote(reasonNote, 'reason_note')
  const account = await getAccount(store, username)
  if (account.status === 'canceled') return account
  await store.changeAccount(account.id, { status: 'canceled', cancellationNote })
  return getAccount(store, username)
}
