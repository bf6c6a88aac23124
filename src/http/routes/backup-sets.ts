import { addBackupSet, changeBackupSet, removeBackupSet } from '../../app/backup-sets.ts'
import type { AskedSets } from '../../app/ports.ts'
import type { BackupSet, Computer } from '../../domain/tree.ts'
import { BackupSetChange, BackupSetMessage, BackupSetRow, NewBackupSet, toSetMembers } from '../../wire/backup-set.ts'
import { pluginsByWire, wirePlugins } from '../../wire/constants.ts'
import { toResourceLink, toSelfLink } from '../../wire/links.ts'
import { constants, ordering, truth } from '../../wire/parameters.ts'
import { getCalledBackupSet, getCalledComputer } from '../called-node.ts'
import { toGivenSet } from '../given-set.ts'
import { bodyOf, type Call, defineOperation, list, made, message, nothing } from '../operation.ts'

const path = '/v1/accounts/:username/computers/:computer_id/backupsets'

const orders = { NAME: 'name', PLUGIN: 'plugin', ENABLED: 'enabled' } as const satisfies Record<
  string,
  AskedSets['orderBy']
>

/** The backup sets of a computer. */
export const listBackupSets = defineOperation({
  id: 'listBackupSets',
  method: 'GET',
  path,
  scope: 'computers_read',
  tag: 'Backup sets',
  summary: 'The backup sets of a computer.',
  query: {
    plugin: constants('Only sets that hold one of these; left out: all.', Object.values(wirePlugins)),
    enabled: truth('Only sets that are switched on, or only those that are off; left out: both.'),
    ...ordering(['NAME', 'PLUGIN', 'ENABLED']),
  },
  answer: list(BackupSetRow),
  async handle(call) {
    const { plugin, enabled, order_by, order_dir } = call.query
    const computer = await getCalledComputer(call)
    const { sets, count } = await call.facts.store.findSetPage(computer, {
      plugins: plugin && [...plugin].map(name => pluginsByWire[name]),
      enabled,
      orderBy: orders[order_by],
      isDescending: order_dir === 'DESC',
      skip: (call.paging.page - 1) * call.paging.pageSize,
      most: call.paging.pageSize,
    })
    return { rows: sets.map(set => ({ ...toSetMembers(set), link: toSelfLink(urlOf(call, computer, set)) })), count }
  },
})

/** A new backup set. */
export const makeBackupSet = defineOperation({
  id: 'addBackupSet',
  method: 'POST',
  path,
  scope: 'computers_write',
  tag: 'Backup sets',
  summary: 'Add a backup set to a computer.',
  description: `What is left out has its usual value: files, switched on, schedule \`manual\`, a grace of 60, an early tolerance of
15 and a run limit of 1,440 minutes, no recovery point objective, presence \`IGNORED\`. A name that is taken is answered 409.`,
  query: {},
  body: bodyOf(NewBackupSet, 'The backup set'),
  answer: made(BackupSetMessage),
  async handle(call) {
    const { name, ...given } = call.body
    const computer = await getCalledComputer(call)
    const set = await addBackupSet(call.acting().store, computer, { name, ...toGivenSet(given) }, call.now)
    return { value: toMessage(call, computer, set), location: urlOf(call, computer, set) }
  },
})

/** One backup set. */
export const getBackupSet = defineOperation({
  id: 'getBackupSet',
  method: 'GET',
  path: `${path}/:name`,
  scope: 'computers_read',
  tag: 'Backup sets',
  summary: 'A backup set and what is expected of it.',
  query: {},
  answer: message(BackupSetMessage),
  async handle(call) {
    const { computer, set } = await getCalledBackupSet(call)
    return { value: toMessage(call, computer, set) }
  },
})

/** A change of a backup set. */
export const replaceBackupSet = defineOperation({
  id: 'changeBackupSet',
  method: 'PUT',
  path: `${path}/:name`,
  scope: 'computers_write',
  tag: 'Backup sets',
  summary: 'Change a backup set.',
  description: `What is left out stays as it is. With another \`name\` the set is found under that one from then on, with its runs, and
its old path is answered 404. A change of schedule, time zone or of what was switched off holds from now on: no due time before
becomes missed by it.`,
  query: {},
  body: bodyOf(BackupSetChange, 'The backup set'),
  reads: getBackupSet,
  answer: nothing,
  async handle(call) {
    const { name, ...given } = call.body
    const { computer, set } = await getCalledBackupSet(call)
    await changeBackupSet(call.acting(), computer, set.name, { name, ...toGivenSet(given) }, call.now)
  },
})

/** The removal of a backup set. */
export const deleteBackupSet = defineOperation({
  id: 'removeBackupSet',
  method: 'DELETE',
  path: `${path}/:name`,
  scope: 'computers_write',
  tag: 'Backup sets',
  summary: 'Remove a backup set with all its runs, for good.',
  description: `Its runs, their logs, its pings and the history of its condition go with it, and nothing brings them back. To keep them,
switch the set off instead: change \`enabled\` to false.`,
  query: {},
  reads: getBackupSet,
  answer: nothing,
  async handle(call) {
    const { computer, set } = await getCalledBackupSet(call)
    await removeBackupSet(call.acting().store, computer, set.name)
  },
})

function toMessage(call: Pick<Call, 'publicUrl'>, computer: Computer, set: BackupSet) {
  const url = urlOf(call, computer, set)
  const links = ['explain', 'condition_changes'].map(title => toResourceLink(title, `${url}/${title}`))
  return { ...toSetMembers(set), links }
}

/** Where a set is, absolute. */
function urlOf(
  { publicUrl }: Pick<Call, 'publicUrl'>,
  { username, computerId }: Computer,
  { name }: BackupSet,
): string {
  const names = [username, computerId, name].map(encodeURIComponent)
  return `${publicUrl()}/v1/accounts/${names[0]}/computers/${names[1]}/backupsets/${names[2]}`
}
