import { oldPingUrlHours, renewPingId } from '../../app/backup-sets.ts'
import { hours } from '../../domain/instant.ts'
import { NewPingUrl } from '../../wire/backup-set.ts'
import { wholeNumber } from '../../wire/parameters.ts'
import { getCalledBackupSet } from '../called-node.ts'
import { defineOperation, made } from '../operation.ts'
import { toPingUrl } from '../ping-host.ts'

/** A new ping URL of a backup set. */
export const renewPingUrl = defineOperation({
  id: 'renewPingUrl',
  method: 'POST',
  path: '/v1/accounts/:username/computers/:computer_id/backupsets/:name/ping_url',
  scope: 'computers_write',
  tag: 'Backup sets',
  summary: 'Give a backup set a new ping URL, which is shown only now.',
  description: `The URL is the secret: whoever has it can ping the set. Those that the set has stay valid beside it for
\`old_valid_hours\`, so that whatever pings them can be changed meanwhile; 0 ends them at once.`,
  query: {
    old_valid_hours: wholeNumber('How many hours the ping URLs that it has stay valid.', {
      least: 0,
      ...oldPingUrlHours,
    }),
  },
  answer: made(NewPingUrl),
  async handle(call) {
    const { set } = await getCalledBackupSet(call)
    const pingId = await renewPingId(call.acting().store, set, hours(call.query.old_valid_hours), call.now)
    const { pingHost } = call.context.settings
    return { value: { ping_url: toPingUrl(pingId, { serverUrl: call.publicUrl(), pingHost }) } }
  },
})
