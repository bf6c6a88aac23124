import { setTimeout } from 'node:timers/promises'

/** Waits so many milliseconds, or until `signal` is aborted; no program stays for the sake of it. */
export function pause(forMs: number, signal: AbortSignal): Promise<void> {
  return setTimeout(forMs, undefined, { signal, ref: false }).catch(() => undefined)
}
