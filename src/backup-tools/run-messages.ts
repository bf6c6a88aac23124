import type { Redact } from '../domain/redaction.ts'
import { messageLevels, type RunMessage } from '../domain/run.ts'
import { toMessageText, toShortMessage } from '../domain/text.ts'

/** The most messages of one run, the closing one included. */
export const mostMessages = 100

/**
 * The messages of a run: worst level first, each once, in one line without control characters. Of more than 100 the last
 * says how many were left out.
 */
export function toRunMessages(messages: readonly RunMessage[]): RunMessage[] {
  const distinct = new Map<string, RunMessage>()
  for (const level of messageLevels) {
    for (const message of messages) {
      if (message.level !== level) continue
      const text = toMessageText(message.text)
      if (text !== '') distinct.set(`${level} ${text}`, { level, text })
    }
  }
  const all = [...distinct.values()]
  if (all.length <= mostMessages) return all
  const kept = all.slice(0, mostMessages - 1)
  return [...kept, { level: 'info', text: `… and ${all.length - kept.length} more` }]
}

/**
 * What `toRunMessages` made as it is shown: without secrets, and only then cut at 1,000 characters, because half a secret
 * does not look like one. What several messages of a level tell is looked at together, as the lines that it was.
 */
export function toShownMessages(messages: readonly RunMessage[], redact: Redact): RunMessage[] {
  return messageLevels.flatMap(level => {
    const texts = messages.filter(message => message.level === level).map(({ text }) => text)
    if (texts.length === 0) return []
    return redact(texts.join('\n'))
      .split('\n')
      .map(text => ({ level, text: toShortMessage(text) }))
  })
}
