import type { PingSource } from '../../src/app/ports.ts'
import type { Ping } from '../../src/domain/ping.ts'
import { derivePingEnd } from '../../src/domain/ping-end.ts'
import { runKey } from './tree.ts'

/** The `index`th of any number of rids. */
export function aRid(index: number): string {
  return `11111111-0000-4000-8000-${index.toString(16).padStart(12, '0')}`
}

let pings = 0

/** A ping; one with a rid is about the run of the same number, one without begins a new run where it begins one. */
export function aPing(
  kind: Ping['kind'],
  {
    rid = null,
    at = 0,
    exitStatus = null,
    body = '',
  }: { rid?: number | null; at?: number; exitStatus?: number | null; body?: string } = {},
): Ping {
  pings += 1
  const told = {
    exitStatus,
    rid: rid === null ? null : aRid(rid),
    runKey: runKey(rid === null ? 1_000_000 + pings : rid),
    at,
    body,
  }
  if (kind === 'start' || kind === 'log') return { kind, ...told }
  return { kind, ...told, end: derivePingEnd({ kind, exitStatus, body }, null) }
}

/** Where a test's pings come from. */
export const aSource: PingSource = {
  method: 'GET',
  scheme: 'https',
  remoteAddress: '192.0.2.1',
  userAgent: 'curl/8.15.0',
}
