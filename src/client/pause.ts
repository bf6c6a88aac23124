/** Resolves after a time, or at once when the signal ends it. */
export function settlesAfter(pauseMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, pauseMs)
    signal.addEventListener('abort', end)
  })
}

/** The outcome of a promise that others wait for as well, or the reason of the signal that ends only this waiting. */
export function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason)
    if (signal.aborted) return end()
    signal.addEventListener('abort', end)
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end))
  })
}
