import type { TSchema } from 'typebox'
import { exampleOf } from '../../wire/examples.ts'
import type { Json } from './schemas.ts'

/**
 * What is written in JSON and in XML: a schema, and an example of each of the messages that it stands for. The example is the same
 * in both, as a value: how it looks in XML the keyword `xml` of the schema says.
 */
export function inBothFormats(schema: Json, messages: readonly TSchema[]): Json {
  const [first, ...others] = messages
  const example = first && others.length === 0 ? { example: exampleOf(first) } : { examples: byTitle(messages) }
  return { 'application/json': { schema, ...example }, 'application/xml': { schema, ...example } }
}

function byTitle(messages: readonly TSchema[]): Json {
  return Object.fromEntries(
    messages.map(message => {
      const { title } = message as { title?: string }
      if (title === undefined) throw new Error('A message that is one of several needs a title.')
      return [title, { value: exampleOf(message) }]
    }),
  )
}
