const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['nbsp', ' '],
  ['#160', ' '],
  ['#39', "'"],
  ['apos', "'"],
])

/**
 * The pieces of text of a page or a mail in HTML, without tags, in order: what stands in one cell is one piece. Plain text
 * comes through line by line. Takes time in proportion to the text.
 */
export function toHtmlTexts(html: string): string[] {
  return html
    .replaceAll(/<[^<>]*>/g, '\n')
    .replaceAll(/&(#?\w{1,6});/g, (whole, name: string) => entities.get(name) ?? whole)
    .split(/[\r\n]+/)
    .map(text => text.trim())
    .filter(text => text !== '')
}
