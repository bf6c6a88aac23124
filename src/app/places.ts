import { getAccount } from './accounts.ts'
import { getComputer } from './computers.ts'
import { getPartner, rootUsername } from './partners.ts'
import type { Place, Store } from './ports.ts'

/** How people name a node of the tree: by one of a partner, an account or a computer; by none for the root partner. */
export type NamedPlace = {
  partner?: string | undefined
  account?: string | undefined
  computer?: { username: string; computerId: string } | undefined
}

/** A node of the tree with the names on the way to it; null below the node. */
export type PlaceNames = { partner: string; username: string | null; computerId: string | null }

/** The node that somebody named. Throws `not-found`. */
export async function getPlace(store: Store, { partner, account, computer }: NamedPlace): Promise<Place> {
  if (computer) {
    const { accountId, key } = await getComputer(store, computer.username, computer.computerId)
    const { partnerId } = await getAccount(store, computer.username)
    return { partnerId, accountId, computerKey: key }
  }
  if (account !== undefined) {
    const { id, partnerId } = await getAccount(store, account)
    return { partnerId, accountId: id, computerKey: null }
  }
  const { id } = await getPartner(store, partner ?? rootUsername)
  return { partnerId: id, accountId: null, computerKey: null }
}

/** Names some nodes, each at the position of its place. What is gone in the meantime has an empty name. */
export async function namePlaces(store: Store, places: readonly Place[]): Promise<PlaceNames[]> {
  const partners = new Map((await store.listPartners()).map(({ id, username }) => [id, username]))
  const accounts = new Map((await store.listAccounts()).map(({ id, username }) => [id, username]))
  const computers = await nameComputers(store, places)
  return places.map(({ partnerId, accountId, computerKey }) => ({
    partner: partners.get(partnerId) ?? '',
    username: accountId === null ? null : (accounts.get(accountId) ?? ''),
    computerId: computerKey === null ? null : (computers.get(computerKey) ?? ''),
  }))
}

async function nameComputers(store: Store, places: readonly Place[]): Promise<Map<number, string>> {
  const withComputers = places.flatMap(place => (place.computerKey === null ? [] : [place.accountId ?? 0]))
  const lists = await Promise.all([...new Set(withComputers)].map(accountId => store.listComputers(accountId)))
  return new Map(lists.flat().map(({ key, computerId }) => [key, computerId]))
}
