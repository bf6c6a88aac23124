/** An element of an XML document: its attributes, its child elements in order, and the text that it holds itself. */
export type XmlElement = { name: string; attributes: Map<string, string>; children: XmlElement[]; text: string }

const deepest = 50

const token =
  /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[(?<cdata>[^]*?)\]\]>|<\/(?<closed>[^\s<>/]+)\s*>|<(?<opened>[^\s<>/!?=]+)(?<attributes>(?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>|(?<text>[^<]+)/y
const attribute = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * Reads an XML 1.0 document into its root element. There is no document type declaration, so that there are no entities
 * but the five of XML itself and nothing is ever fetched. Throws `SyntaxError` for what is not well-formed.
 */
export function parseXml(source: string): XmlElement {
  // Every end of line is one line feed (XML 1.0, 2.11).
  const xml = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const document: XmlElement = { name: '', attributes: new Map(), children: [], text: '' }
  const open = [document]
  token.lastIndex = 0
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const groups = token.exec(xml)?.groups
    const [parent] = open.slice(-1)
    if (!groups && token.lastIndex === 0) throw broken(`it is not well-formed at character ${at}`)
    if (!parent) throw broken('it has too many closing tags')
    const { cdata, closed, opened, attributes, empty, text } = groups ?? {}
    if (text !== undefined) parent.text += decode(text)
    if (cdata !== undefined) parent.text += cdata
    if (closed !== undefined && open.pop()?.name !== closed) throw broken(`</${closed}> closes another element`)
    if (opened === undefined) continue
    const element = { name: opened, attributes: readAttributes(attributes ?? ''), children: [], text: '' }
    parent.children.push(element)
    if (empty === '') open.push(element)
    if (open.length > deepest) throw broken('its elements are too deep')
  }
  const [root, second] = document.children
  if (!root || second || open.length > 1 || document.text.trim() !== '') throw broken('it is not one whole element')
  return root
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single = ''] of text.matchAll(attribute)) {
    if (attributes.has(name)) throw broken(`${name} is given twice`)
    // Literal white space is a space there (XML 1.0, 3.3.3).
    attributes.set(name, decode((double ?? single).replaceAll(/[\t\n]/g, ' ')))
  }
  return attributes
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decode(text: string): string {
  return text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([^&;\s]*));?/g, (reference, hex, decimal, name) => {
    const found = name === undefined ? toCharacter(hex, decimal) : entities[String(name)]
    if (found === undefined || !reference.endsWith(';')) throw broken(`${reference} stands for nothing`)
    return found
  })
}

function toCharacter(hex: unknown, decimal: unknown): string | undefined {
  const code = typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal)
  return code <= 0x10_ff_ff && code > 0 ? String.fromCodePoint(code) : undefined
}

function broken(why: string): SyntaxError {
  return new SyntaxError(`This is not XML: ${why}.`)
}
