import type { Answer } from './post.ts'
import { readObject } from './send-to-server.ts'

/** Whether an answer is a stored run. */
export function isStoredRun({ status, body }: Answer): boolean {
  return (status === 200 || status === 201) && readObject(body) !== undefined
}
