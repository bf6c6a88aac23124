import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError, isAppError } from '../domain/app-error.ts'

/** Requests as they are asked: the thread numbers them. */
type Unnumbered<Request> = Request extends { id: number } ? Omit<Request, 'id'> : never

/** How a thread answers a request by its number; a failure keeps the members that say what kind it is. */
export type ThreadAnswer<Value> = { id: number; value: Value } | { id: number; failure: { message: string } }

/** A thread that does what it is asked, and answers each request after it was done. */
export type Thread<Request> = {
  ask: (request: Unnumbered<Request>) => Promise<unknown>
  /** Asks it for its end and waits for that. */
  close: (request: Unnumbered<Request>) => Promise<void>
}

/**
 * Starts a thread of the database. `toError` says what a failure of it means to a caller; `young` is how many megabytes of
 * young memory it may have. When the thread ends by itself, everything that waits for it is rejected as `unavailable`.
 */
export function openThread<Request extends { id: number }>({
  script,
  data,
  young,
  toError,
}: {
  script: URL
  data: unknown
  young: number
  toError: (failure: unknown) => unknown
}): Thread<Request> {
  const worker = new Worker(script, {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: young },
    env: { ...process.env, ...compileCache() },
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: unknown) => void }>()
  let lastId = 0
  let ended: AppError | undefined

  function end(cause: unknown): void {
    ended ??= new AppError('unavailable', 'A thread of the database has stopped; start the program again.', { cause })
    const reason = toError(cause)
    for (const { reject } of waiting.values()) reject(isAppError(reason) ? reason : ended)
    waiting.clear()
  }

  worker.on('message', (answer: ThreadAnswer<unknown>) => {
    const asker = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('failure' in answer) {
      asker?.reject(toError(Object.assign(new Error(answer.failure.message), answer.failure)))
    } else asker?.resolve(answer.value)
  })
  worker.on('error', end)
  worker.on('exit', () => end(undefined))

  function ask(request: Unnumbered<Request>): Promise<unknown> {
    if (ended) return Promise.reject(ended)
    return new Promise((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      worker.postMessage({ ...request, id: lastId })
    })
  }

  return {
    ask,
    close: async request => {
      if (ended) return
      const exited = new Promise(resolve => worker.once('exit', resolve))
      await ask(request)
      await exited
    },
  }
}

/**
 * A thread has no compile cache of its own accord: it would load a compiler to strip the types of what is compiled already, and
 * keep it in memory.
 */
function compileCache(): { NODE_COMPILE_CACHE?: string } {
  const folder = getCompileCacheDir()
  // Node answers the folder in it that is for its own version, and finds that again by itself.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(folder) }
}
