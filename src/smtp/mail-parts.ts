import { type AttachmentStream, type HeaderLines, MailParser, type MessageText } from 'mailparser'

/** A mail taken apart: its headers as they stand, in order, and what it says as plain text and as HTML. */
export type MailParts = { headers: MailHeaders; subject: string; sender: string; plain: string; html: string }

/** The headers of a mail. */
export type MailHeaders = {
  /** How often a header occurs. */
  count(name: string): number
  /** The first of a name, without its name, unfolded; empty where there is none. */
  first(name: string): string
}

/** What a mail may have; one that has more is not taken apart. */
const limits = { maxChildNodes: 200, maxHeadSize: 256 * 1024 }

/**
 * Takes a mail apart. What is attached to it is thrown away as it comes, unread and unpacked. Rejects when it cannot be taken
 * apart, and nothing is known of it then.
 */
export function takeApart(raw: Buffer): Promise<MailParts> {
  const { promise, resolve, reject } = Promise.withResolvers<MailParts>()
  const parser = new MailParser({
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipImageLinks: true,
    checksumAlgo: false,
    ...limits,
  })
  let text: Pick<MessageText, 'text' | 'html'> = {}
  parser.on('error', reject)
  parser.on('data', (part: AttachmentStream | MessageText) => {
    if (part.type === 'text') text = part
    else drop(part, reject)
  })
  parser.on('end', () => {
    resolve({
      headers: toHeaders(parser.headerLines || []),
      subject: parser.subject ?? '',
      sender: parser.from?.value[0]?.address ?? '',
      plain: text.text ?? '',
      html: text.html || '',
    })
  })
  parser.end(raw)
  return promise
}

/** The parser goes on once an attachment was read to its end. */
function drop({ content, release }: AttachmentStream, fail: (reason: unknown) => void): void {
  content.on('end', () => release?.())
  content.on('error', fail)
  content.resume()
}

function toHeaders(lines: HeaderLines): MailHeaders {
  const named = (name: string) => lines.filter(({ key }) => key === name)
  return {
    count: name => named(name).length,
    first: name => {
      const line = named(name)[0]?.line ?? ''
      return line
        .slice(line.indexOf(':') + 1)
        .replaceAll(/\s+/g, ' ')
        .trim()
    },
  }
}
