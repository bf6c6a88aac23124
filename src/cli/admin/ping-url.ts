import { toPingUrl as toUrl } from '../../http/ping-host.ts'
import { readOptionalSetting, readSetting } from './read-setting.ts'

/**
 * The URL that pings a set: on the host of pings where the settings name one, else below the public URL, else where a
 * server with these settings listens. Throws `invalid` for settings that are wrong.
 */
export function toPingUrl(pingId: string): string {
  const pingHost = readOptionalSetting('pingHost') ?? null
  const serverUrl = pingHost === null ? toServerUrl() : (readOptionalSetting('publicUrl') ?? 'https:')
  return toUrl(pingId, { serverUrl, pingHost })
}

/** The public URL, else where a server with these settings listens. Throws `invalid` for settings that are wrong. */
export function toServerUrl(): string {
  return readOptionalSetting('publicUrl') ?? localUrl()
}

function localUrl(): string {
  const host = readSetting('host')
  const isEvery = host === '0.0.0.0' || host === '::'
  const shown = host.includes(':') ? `[${host}]` : host
  return `http://${isEvery ? '127.0.0.1' : shown}:${readSetting('port')}`
}
