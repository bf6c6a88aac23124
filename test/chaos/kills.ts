import type { Random } from './random.ts'
import type { MortalServers } from './servers.ts'

/** When who is killed. */
export type Kills = {
  /** Kills whoever has it coming once so many reports are acknowledged. */
  strike: (acknowledged: number) => void
  /** Kills whoever still has it coming, one after the other, and waits until all listen. */
  strikeAll: () => Promise<void>
}

/** Plans that each server is killed so often, at random times while so many reports are acknowledged. */
export function planKills(
  { kills, reports }: { kills: number; reports: number },
  random: Random,
  servers: MortalServers,
): Kills {
  const coming = Array.from({ length: servers.count }, () =>
    Array.from({ length: kills }, () => random.below(reports)).toSorted((one, other) => one - other),
  )
  const underWay: Promise<void>[] = []

  function kill(index: number): void {
    coming[index]?.shift()
    underWay.push(servers.kill(index))
  }

  return {
    strike(acknowledged) {
      for (const [index, moments] of coming.entries()) {
        // One that is just starting is killed when it listens.
        if (servers.isUp(index) && (moments[0] ?? Infinity) <= acknowledged) kill(index)
      }
    },
    async strikeAll() {
      await Promise.all(underWay)
      for (const [index, moments] of coming.entries()) {
        while (moments.length > 0) {
          kill(index)
          await Promise.all(underWay)
        }
      }
    },
  }
}
