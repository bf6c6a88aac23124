/** Lets everything else that waits have its turn: what takes long does so between its parts. */
export function giveWay(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
