import { AppError } from '../domain/app-error.ts'

/** Places for so many at once; the others wait for theirs in the order in which they came. */
export type Places = {
  /** Takes a place, or throws `unavailable` when none becomes free in time. */
  take: () => Promise<void>
  /** Takes a place in any case; whoever waits goes on waiting until it is given back. */
  seize: () => void
  give: () => void
  /** Sends away everybody who waits. */
  clear: (reason: unknown) => void
}

type Waiting = { resolve: () => void; reject: (reason: unknown) => void }

/** Builds `count` places, for each of which somebody waits `patienceMs` at most. */
export function buildPlaces(count: number, patienceMs: number): Places {
  let free = count
  const queue = new Set<Waiting>()

  return {
    take: async () => {
      if (free > 0) free -= 1
      else await wait()
    },
    seize: () => {
      free -= 1
    },
    give: () => {
      const [next] = queue
      if (!next || free !== 0) {
        free += 1
        return
      }
      // At once: the next place to be given is somebody else's.
      queue.delete(next)
      next.resolve()
    },
    clear: reason => {
      for (const { reject } of queue) reject(reason)
    },
  }

  async function wait(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiting = { resolve, reject }
    queue.add(waiting)
    const timer = setTimeout(() => {
      reject(new AppError('unavailable', `The database cannot answer now (all ${count} connections are in use).`))
    }, patienceMs)
    try {
      await promise
    } finally {
      clearTimeout(timer)
      queue.delete(waiting)
    }
  }
}
