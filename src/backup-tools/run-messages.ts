import { messageLevels, type RunMessage } from '../domain/run.ts'

/** The most messages of one run, the closing one included. */
export const mostMessages = 100

/** The longest text of a message, in UTF-16 code units. */
export const longestMessage = 1_000

/**
 * The messages of a run as they are kept: worst level first, each once, in one line without control characters, cut at
 * 1,000 characters. Of more than 100 the last says how many were left out.
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

function toMessageText(text: string): string {
  const line = text
    .slice(0, 2 * longestMessage)
    .replaceAll(/[\p{Cc}\u2028\u2029\uFFFE\uFFFF]+/gu, ' ')
    .trim()
  return (line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line).toWellFormed()
}
