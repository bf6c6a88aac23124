import {
  NotificationOptions,
  NotificationOptionsChange,
  readNotificationOptions,
  toNotificationOptions,
} from '../../wire/notification-options.ts'
import { getCalledComputer } from '../called-node.ts'
import { computerPath } from '../computer-urls.ts'
import { defineOperation, message, nothing } from '../operation.ts'

const path = `${computerPath}/notifications/options` as const

/** What notifications about a computer say, and how often. */
export const getNotificationOptions = defineOperation({
  id: 'getNotificationOptions',
  method: 'GET',
  path,
  scope: 'computers_read',
  tag: 'Computers',
  summary: 'What notifications about a computer say, and how often.',
  query: {},
  answer: message(NotificationOptions),
  async handle(call) {
    const { key } = await getCalledComputer(call)
    return { value: toNotificationOptions(await call.facts.store.readNotificationOptions(key)) }
  },
})

/** Changes what is given of them. */
export const changeNotificationOptions = defineOperation({
  id: 'changeNotificationOptions',
  method: 'PUT',
  path,
  scope: 'computers_write',
  tag: 'Computers',
  summary: 'Change what notifications about a computer say, and how often; what is left out stays as it is.',
  query: {},
  body: { messages: [NotificationOptionsChange], read: readNotificationOptions },
  reads: getNotificationOptions,
  answer: nothing,
  async handle(call) {
    const { key } = await getCalledComputer(call)
    await call.acting().store.changeNotificationOptions(key, call.body)
  },
})
