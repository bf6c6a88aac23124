import { SaxesParser } from 'saxes'
import { AppError } from '../domain/app-error.ts'

/** An element of an XML document: its attributes, its child elements in order, and the text that it holds itself. */
export type XmlElement = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string }

const deepest = 20

/**
 * Reads an XML 1.0 document into its root element. There is no document type declaration, so that there are no entities
 * but the five of XML itself and nothing is ever fetched. Throws `invalid`, with line and column, for what is not
 * well-formed, for a declaration, and for elements within more than 20 others.
 */
export function parseXmlDocument(text: string): XmlElement {
  const document: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [document]
  const parser = new SaxesParser({ xmlns: false, position: true })
  parser.on('doctype', () => fail('a document type declaration is not taken'))
  parser.on('error', error => fail(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')))
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, children: [], text: '' }
    if (open.length > deepest) fail(`elements must not be within more than ${deepest} others`)
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => open.pop())
  const addText = (some: string) => {
    const element = open.at(-1)
    if (element) element.text += some
  }
  parser.on('text', addText)
  parser.on('cdata', addText)

  function fail(why: string): never {
    throw new AppError(
      'invalid',
      `The body is not the XML that is asked for, at ${parser.line}:${parser.column}: ${why}.`,
    )
  }

  parser.write(text).close()
  const [root] = document.children
  if (!root) throw new AppError('invalid', 'The body is an XML document without an element.')
  return root
}
