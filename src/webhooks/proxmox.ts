import { AppError } from '../domain/app-error.ts'
import { countOf, type JsonObject, memberOf, readJsonObject, textOf, toObject } from './hook-text.ts'
import { type ProxmoxEvent, readProxmoxEvent } from './proxmox-event.ts'
import { plainReply } from './replies.ts'
import type { Webhook } from './webhook.ts'

/**
 * Notifications of Proxmox VE 8.3 and Proxmox Backup Server 3.3 and later: a webhook target with the template of
 * docs/webhooks.md, and a Gotify target whose server is this address.
 */
export const proxmoxHook: Webhook = {
  name: 'proxmox',
  sender: 'Proxmox VE, Proxmox Backup Server',
  methods: ['POST', 'PUT'],
  native: null,
  setup: { rest: '', paste: 'Datacenter (or Configuration), Notifications, Add, Webhook: the URL' },
  reply: plainReply,
  read({ rest, body }) {
    if (rest !== '' && rest !== 'message') {
      throw new AppError('invalid', `There is no /${rest.slice(0, 40)}; a target ends with the name of the set.`)
    }
    const document = readJsonObject(body)
    if (document === null) {
      throw new AppError('invalid', 'The body is not the JSON of the template that the manual has for Proxmox.')
    }
    const delivery = readProxmoxEvent(toProxmoxEvent(document))
    if (delivery !== null) return delivery
    throw new AppError('invalid', 'Neither fields.type nor title names a notification of Proxmox that is known.')
  },
}

const longestTitle = 2_000

/** What Proxmox makes of a severity for Gotify. */
const severities: Readonly<Record<number, string>> = { 1: 'info', 3: 'notice', 5: 'warning', 9: 'error' }

/** The notification that the template, or the message of a Gotify target, holds. */
export function toProxmoxEvent(document: JsonObject): ProxmoxEvent {
  const fields = toObject(memberOf(document, 'fields'))
  const priority = countOf(document, 'priority')
  return {
    title: textOf(document, 'title').slice(0, longestTitle).trim(),
    message: textOf(document, 'message'),
    severity: textOf(document, 'severity') || ((priority === null ? undefined : severities[priority]) ?? ''),
    timestamp: countOf(document, 'timestamp'),
    type: textOf(fields, 'type'),
    hostname: textOf(fields, 'hostname'),
    jobId: textOf(fields, 'job-id'),
  }
}
