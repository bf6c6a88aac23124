/** A piece of HTML: what was put into it has been escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template: text, which is escaped, pieces of HTML, lists of them, and nothing. */
export type Content = string | number | Html | undefined | false | readonly Content[]

/** Writes HTML; whatever is put in is escaped, unless it is HTML itself. Values of attributes stand in double quotes. */
export function markup(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(strings.map((text, index) => text + write(contents[index])).join(''))
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function write(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.text
  if (typeof content === 'object') return content.map(write).join('')
  return String(content).replaceAll(/[&<>"']/g, character => entities[character] ?? '')
}

/** A text of the description: what stands between backticks is code. */
export function inline(text: string): Content {
  return text.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part))
}

/** Paragraphs, which empty lines part. */
export function paragraphs(text: string): Content {
  return text.split(/\n{2,}/).map(part => markup`<p>${inline(part)}</p>`)
}

/** A text as the name of an anchor. */
export function toAnchor(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
