import type { Version } from '../app/ports.ts'
import type { Written } from './send.ts'

/**
 * What an answer was drawn up from: it holds as long as all three are the same. Of one about many accounts no one version
 * tells whether it still holds: it is not kept.
 */
export type AnswerStamp = { tree: Version; account: Version | undefined; second: number }

/** Keeps finished answers for the rest of the second in which they were drawn up. */
export type AnswerCache = {
  find(key: string, stamp: AnswerStamp): Written | undefined
  keep(key: string, stamp: AnswerStamp, written: Written): void
}

const mostCharacters = 8 * 1024 * 1024

/**
 * Builds a cache of finished answers. Answers carry the time to the second and conditions depend on it, so that no
 * answer outlives its second; until then it is as true as a new one while the data have the same version.
 */
export function buildAnswerCache(): AnswerCache {
  const answers = new Map<string, { stamp: AnswerStamp; written: Written }>()
  let second = 0
  let characters = 0

  return {
    find(key, stamp) {
      if (stamp.second !== second || stamp.account === undefined) return undefined
      const answer = answers.get(key)
      if (answer?.stamp.tree !== stamp.tree || answer.stamp.account !== stamp.account) return undefined
      return answer.written
    },
    keep(key, stamp, written) {
      if (stamp.account === undefined) return
      const weight = key.length + written.text.length
      if (stamp.second !== second || characters + weight > mostCharacters) {
        answers.clear()
        characters = 0
        second = stamp.second
      }
      if (weight > mostCharacters) return
      characters += weight
      answers.set(key, { stamp, written })
    },
  }
}
