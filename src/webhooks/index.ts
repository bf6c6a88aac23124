import { backrestHook } from './backrest.ts'
import { cronitorHook } from './cronitor.ts'
import { duplicatiHook } from './duplicati.ts'
import { gatusHook } from './gatus.ts'
import { gotifyHook } from './gotify.ts'
import { kopiaHook } from './kopia.ts'
import { proxmoxHook } from './proxmox.ts'
import { pushgatewayHook } from './pushgateway.ts'
import { sentryHook } from './sentry.ts'
import { uptimeKumaHook } from './uptime-kuma.ts'
import type { Webhook } from './webhook.ts'

/** Every webhook there is, in the order in which people are shown them. */
export const webhooks: readonly Webhook[] = [
  duplicatiHook,
  proxmoxHook,
  backrestHook,
  kopiaHook,
  gotifyHook,
  uptimeKumaHook,
  cronitorHook,
  gatusHook,
  pushgatewayHook,
  sentryHook,
]

/** The webhook of that name. */
export function findWebhook(name: string): Webhook | undefined {
  return webhooks.find(webhook => webhook.name === name)
}
