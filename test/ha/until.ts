import { setTimeout } from 'node:timers/promises'

/** Asks ten times a second until something is there; throws when it is not within some seconds. */
export async function until<Found>(
  what: string,
  withinSeconds: number,
  find: () => Promise<Found | undefined | false> | Found | undefined | false,
): Promise<Found> {
  const last = performance.now() + withinSeconds * 1_000
  for (;;) {
    const found = await find()
    if (found !== undefined && found !== false) return found
    if (performance.now() > last) throw new Error(`Within ${withinSeconds} s there was not: ${what}.`)
    await setTimeout(100)
  }
}
