import { toNode, toPartnerNode } from '../../app/directory.ts'
import { readSetDays, setDays, setsDays } from '../../app/set-days.ts'
import { isAppError } from '../../domain/app-error.ts'
import { isWithin } from '../../domain/principal.ts'
import type { BackupSet, Computer, Partner } from '../../domain/tree.ts'
import { DaysOfSets, type DaysRequest, DaysRequestOf, SetDays, toDaysRow, toSetDays } from '../../wire/days.ts'
import { wholeNumber } from '../../wire/parameters.ts'
import { getCalledBackupSet, getCalledPartner } from '../called-node.ts'
import { bodyOf, type Call, defineOperation, message } from '../operation.ts'

/** What a backup set was on each of the last days. */
export const listDaysOfSet = defineOperation({
  id: 'listDaysOfSet',
  method: 'GET',
  path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/days',
  scope: 'computers_read',
  tag: 'Backup sets',
  summary: 'What a backup set was on each of the last days, as it was found then.',
  query: { days: wholeNumber('How many days, up to today.', setDays) },
  answer: message(SetDays),
  async handle(call) {
    const named = await getCalledBackupSet(call)
    const [found] = await readSetDays(call.facts, [named], { count: call.query.days, now: call.now })
    return { value: toSetDays(found?.days ?? []) }
  },
})

/** The same of some backup sets, for lists of them. */
export const listDaysOfSets = defineOperation({
  id: 'listDaysOfSets',
  method: 'POST',
  path: '/v1/partners/:username/backupset_days',
  scope: 'partners_read',
  tag: 'Reports',
  summary:
    'What some backup sets below a partner were on each of the last days; those that there are not are left out.',
  query: {},
  body: bodyOf(DaysRequestOf({ mostSets: setsDays.mostSets, mostDays: setDays.most }), 'The days'),
  answer: message(DaysOfSets),
  async handle(call) {
    const named = await findSets(call, await getCalledPartner(call), call.body.sets)
    const found = await readSetDays(call.facts, named, { count: call.body.days ?? setsDays.usual, now: call.now })
    return { value: { sets: found.map(({ computer, set, days }) => toDaysRow(computer, set, days)) } }
  },
})

type Named = { computer: Computer; set: BackupSet }

/** Those of some sets that are there, below the partner and in sight of the caller. */
async function findSets(
  { facts, bearer }: Pick<Call, 'facts' | 'bearer'>,
  partner: Partner,
  names: DaysRequest['sets'],
): Promise<Named[]> {
  const { store, directory, version } = facts
  const byComputer = Map.groupBy(names, ({ username, computer_id }) => `${username}/${computer_id}`)
  const found: Named[] = []
  for (const [first, ...others] of byComputer.values()) {
    if (!first) continue
    const computer = await findOrNone(directory.getComputer(version, bearer, first.username, first.computer_id))
    if (!computer || !isWithin(toNode(computer), toPartnerNode(partner))) continue
    const wanted = new Set([first, ...others].map(({ backupset_name }) => backupset_name))
    const sets = await store.listBackupSets(computer.accountId, computer.key)
    found.push(...sets.filter(({ name }) => wanted.has(name)).map(set => ({ computer, set })))
  }
  return found
}

async function findOrNone<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked
  } catch (failure) {
    if (isAppError(failure, 'not-found')) return undefined
    throw failure
  }
}
