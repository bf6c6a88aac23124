import { setTimeout } from 'node:timers/promises'
import type { World } from './deliver.ts'

/** The clock, the chance and the patience of this machine. */
export const thisWorld: World = {
  clock: Date.now,
  random: Math.random,
  pause: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
}
