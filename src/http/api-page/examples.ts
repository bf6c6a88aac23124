import { compileXmlWriter } from '../../wire/xml.ts'
import { type Description, type MediaType, resolve, type Schema } from './description.ts'
import { type Content, markup } from './markup.ts'
import { indentXml } from './indent-xml.ts'
import { membersTable } from './schema-text.ts'

/** A piece of code under what it is; it can be scrolled with the keyboard. */
export function code(label: string, text: string): Content {
  return markup`<figure>
    <figcaption>${label}</figcaption>
    <pre tabindex="0" role="region" aria-label="${label}"><code>${text}</code></pre>
  </figure>`
}

/** What is sent or answered: of each message its members and an example, in JSON and in XML side by side. */
export function showContent(description: Description, what: string, content: Record<string, MediaType>): Content {
  const { 'application/json': json, 'application/xml': xml, ...others } = content
  return [
    json && showMessages(what, messagesIn(description, json), xml !== undefined),
    Object.entries(others).map(([type, media]) => showOther(description, what, type, media, json)),
  ]
}

type ShownMessage = { name: string; schema: Schema; example: unknown }

/** The messages of a media type; of several the name of an example is that of its schema. */
function messagesIn(description: Description, { schema, example, examples }: MediaType): ShownMessage[] {
  const whole = resolve(description, schema)
  const named = Object.entries(examples ?? {}).map(([name, { value }]) => ({
    name,
    schema: resolve(description, description.components.schemas[name] ?? schema),
    example: value,
  }))
  return named.length > 0 ? named : [{ name: whole.title ?? 'Document', schema: whole, example }]
}

function showMessages(what: string, messages: readonly ShownMessage[], isXml: boolean): Content {
  return messages.map((message, index) => {
    const before = messages.slice(0, index).map(({ schema }) => schema.title ?? '')
    return showMessage(what, message, isXml, new Set(before))
  })
}

function showMessage(
  what: string,
  { name, schema, example }: ShownMessage,
  isXml: boolean,
  shown: ReadonlySet<string>,
): Content {
  if (example === undefined) return undefined
  const written = indentXml(isXml ? compileXmlWriter(schema)(example) : '')
  return markup`<details>
    <summary>${what}: ${name}</summary>
    ${membersTable(`Members of ${name}`, schema, shown)}
    <div class="pair">
      ${code(`${name} in JSON`, JSON.stringify(example, null, 2))}${isXml && code(`${name} in XML`, written)}
    </div>
  </details>`
}

/** What is of another type: a text with an example, or another way to write the same message. */
function showOther(
  description: Description,
  what: string,
  type: string,
  { schema, example }: MediaType,
  json: MediaType | undefined,
): Content {
  const { description: meaning, properties } = resolve(description, schema)
  if (properties && json) return markup`<p>Also as <code>${type}</code>, with the same members.</p>`
  return [
    markup`<p><code>${type}</code>${meaning !== undefined && `: ${meaning}`}</p>`,
    typeof example === 'string' && code(`${what} as ${type}`, example.trimEnd()),
  ]
}
