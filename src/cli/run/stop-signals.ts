/** The signals that ask a command to stop, and that are passed on to it. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
export type StopSignal = (typeof stopSignals)[number]

/**
 * Calls `listener` for every stop signal that this process gets, until the returned function is called. A signal that
 * was ignored when the program began (`nohup`) stays ignored: `bin/lastgood` has put a listener on it that does nothing.
 */
export function listenForStopSignals(listener: (signal: StopSignal) => void): () => void {
  const heard = stopSignals.filter(signal => process.listenerCount(signal) === 0)
  for (const signal of heard) process.on(signal, listener)
  return () => {
    for (const signal of heard) process.off(signal, listener)
  }
}
