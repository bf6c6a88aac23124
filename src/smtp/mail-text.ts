import { toHtmlTexts } from '../backup-tools/html-text.ts'

/**
 * What people would read of a mail in HTML, piece by piece on lines of their own. Style sheets, scripts, titles and
 * comments are no text: a class called `success` must not be taken for a word.
 */
export function toVisibleText(html: string): string {
  return toHtmlTexts(dropUnseen(html)).join('\n')
}

const unseen = /<(?:!--|(style|script|title)\b)/gi

function dropUnseen(html: string): string {
  const kept: string[] = []
  let from = 0
  unseen.lastIndex = 0
  for (let match = unseen.exec(html); match; match = unseen.exec(html)) {
    kept.push(html.slice(from, match.index), ' ')
    from = endOfUnseen(html, unseen.lastIndex, match[1])
    unseen.lastIndex = from
  }
  return kept.join('') + html.slice(from)
}

/** Where what is not seen ends; what never ends is seen nowhere, as in a browser. */
function endOfUnseen(html: string, at: number, element: string | undefined): number {
  const end = element === undefined ? /-->/g : new RegExp(`</${element}\\b[^>]*>?`, 'gi')
  end.lastIndex = at
  return end.exec(html) === null ? html.length : end.lastIndex
}

/** Of a mail that comes as plain text and as HTML, the longer one: the other is often but a note that there is one. */
export function toReportText(plain: string, html: string): string {
  const [text, visible] = [plain.trim(), html === '' ? '' : toVisibleText(html)]
  return visible.length > text.length ? visible : text
}
