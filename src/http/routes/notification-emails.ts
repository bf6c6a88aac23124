import {
  addNotificationEmail as addEmail,
  changeNotificationEmail as changeEmail,
  getNotificationEmail as getEmail,
  noSuchNotificationEmail,
} from '../../app/notification-emails.ts'
import {
  NewNotificationEmail,
  NotificationEmail,
  NotificationEmailChange,
  NotificationEmailRow,
  readNotificationEmail,
  toNotificationEmail,
} from '../../wire/notification-email.ts'
import { toSelfLink } from '../../wire/links.ts'
import { ordering } from '../../wire/parameters.ts'
import { getCalledComputer } from '../called-node.ts'
import { computerPath, computerUrl } from '../computer-urls.ts'
import { bodyOf, defineOperation, list, made, message, nothing } from '../operation.ts'
import { toRowWindow } from '../paging.ts'

const path = `${computerPath}/notifications/emails` as const
const pathOfOne = `${path}/:email_id` as const

const common = { tag: 'Computers', query: {} } as const
const address = 'The notification address'

/** The addresses that are told of the backups of a computer. */
export const listNotificationEmails = defineOperation({
  ...common,
  id: 'listNotificationEmails',
  method: 'GET',
  path,
  scope: 'computers_read',
  summary: 'The addresses that are told of the backups of a computer.',
  query: ordering(['EMAIL_ID', 'EMAIL']),
  answer: list(NotificationEmailRow),
  async handle(call) {
    const computer = await getCalledComputer(call)
    const { order_by, order_dir } = call.query
    const order = { orderBy: order_by === 'EMAIL' ? 'email' : 'id', isDescending: order_dir === 'DESC' } as const
    const { emails, count } = await call.facts.store.listNotificationEmails(computer, order, toRowWindow(call.paging))
    const base = `${computerUrl(call, computer)}/notifications/emails`
    const rows = emails.map(one => ({
      email_id: one.id,
      ...toNotificationEmail(one),
      link: toSelfLink(`${base}/${one.id}`),
    }))
    return { rows, count }
  },
})

/** Lets an address be told of the backups of a computer. */
export const addNotificationEmail = defineOperation({
  ...common,
  id: 'addNotificationEmail',
  method: 'POST',
  path,
  scope: 'computers_write',
  summary: 'Let an address be told of the backups of a computer.',
  description:
    'Unless the body says otherwise it is told of warnings, failures, missed backups and of no recent one, and not of good ones.',
  body: bodyOf(NewNotificationEmail, address),
  answer: made(NotificationEmail),
  async handle(call) {
    const computer = await getCalledComputer(call)
    const given = { ...readNotificationEmail(call.body), email: call.body.email }
    const added = await addEmail(call.acting().store, computer, given)
    const location = `${computerUrl(call, computer)}/notifications/emails/${added.id}`
    return { value: toNotificationEmail(added), location }
  },
})

/** One of these addresses. */
export const getNotificationEmail = defineOperation({
  ...common,
  id: 'getNotificationEmail',
  method: 'GET',
  path: pathOfOne,
  scope: 'computers_read',
  summary: 'An address that is told of the backups of a computer.',
  answer: message(NotificationEmail),
  async handle(call) {
    const computer = await getCalledComputer(call)
    return { value: toNotificationEmail(await getEmail(call.facts.store, computer, readId(call))) }
  },
})

/** Changes such an address, or what it is told of. */
export const changeNotificationEmail = defineOperation({
  ...common,
  id: 'changeNotificationEmail',
  method: 'PUT',
  path: pathOfOne,
  scope: 'computers_write',
  summary: 'Change an address, or what it is told of; what is left out stays as it is.',
  body: bodyOf(NotificationEmailChange, address),
  reads: getNotificationEmail,
  answer: nothing,
  async handle(call) {
    const computer = await getCalledComputer(call)
    await getEmail(call.facts.store, computer, readId(call))
    await changeEmail(call.acting().store, computer, readId(call), readNotificationEmail(call.body))
  },
})

/** Lets an address be told no more. */
export const deleteNotificationEmail = defineOperation({
  ...common,
  id: 'deleteNotificationEmail',
  method: 'DELETE',
  path: pathOfOne,
  scope: 'computers_write',
  summary: 'Let an address be told no more; its number is not given again.',
  reads: getNotificationEmail,
  answer: nothing,
  async handle(call) {
    await call.acting().store.removeNotificationEmail(await getCalledComputer(call), readId(call))
  },
})

function readId({ params }: { params: { email_id: string } }): number {
  if (/^[1-9]\d{0,14}$/.test(params.email_id)) return Number(params.email_id)
  throw noSuchNotificationEmail()
}
