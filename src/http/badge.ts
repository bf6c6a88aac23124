import type { CheckStatus } from '../domain/check.ts'
import { escapeText } from '../wire/xml.ts'

/** The forms in which a badge is drawn. */
export const badgeFormats = ['svg', 'json', 'shields'] as const
export type BadgeFormat = (typeof badgeFormats)[number]

/** What a badge says: the words of Healthchecks, and what none of them would be true of. */
export type BadgeStatus = 'up' | 'late' | 'down' | 'new' | 'paused'

/** What a badge counts. */
export type BadgeCounts = { status: BadgeStatus; total: number; grace: number; down: number }

// The colours and the names of colours are those of shields.io ("Endpoint Badge").
const looks: Record<BadgeStatus, { shields: string; fill: string }> = {
  up: { shields: 'success', fill: '#4c1' },
  late: { shields: 'important', fill: '#fe7d37' },
  down: { shields: 'critical', fill: '#e05d44' },
  new: { shields: 'inactive', fill: '#9f9f9f' },
  paused: { shields: 'inactive', fill: '#9f9f9f' },
}

/**
 * What a badge says of some checks: the worst of them. With two states what is late counts as up. Of checks none of which
 * is up, late or down nothing is called up, which Healthchecks does.
 */
export function countChecks(statuses: readonly CheckStatus[], states: 2 | 3): BadgeCounts {
  const count = (status: CheckStatus) => statuses.filter(one => one === status).length
  const [down, grace, up] = [count('down'), count('grace'), count('up')]
  const counts = { total: statuses.length, grace, down }
  if (down > 0) return { status: 'down', ...counts }
  if (grace > 0) return { status: states === 3 ? 'late' : 'up', ...counts }
  if (up > 0) return { status: 'up', ...counts }
  return { status: count('paused') > 0 && count('new') === 0 ? 'paused' : 'new', ...counts }
}

/** Draws a badge; the content type tells its form. */
export function drawBadge(
  format: BadgeFormat,
  label: string,
  counts: BadgeCounts,
): { contentType: string; text: string } {
  const { status } = counts
  if (format === 'svg') return { contentType: 'image/svg+xml', text: drawSvg(label, status) }
  const shield = { schemaVersion: 1, label, message: status, color: looks[status].shields }
  return { contentType: 'application/json', text: JSON.stringify(format === 'json' ? counts : shield) }
}

const height = 20

/** Two words side by side. Who cannot see it is told the same. */
function drawSvg(label: string, status: BadgeStatus): string {
  const shown = label.length > longestLabel ? `${label.slice(0, longestLabel - 1).toWellFormed()}…` : label
  const [left, right] = [widthOf(shown), widthOf(status)]
  const [name, word] = [escapeText(shown), escapeText(status)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${height}" role="img" aria-label="${name}: ${word}">`,
    `<title>${name}: ${word}</title>`,
    `<clipPath id="r"><rect width="${left + right}" height="${height}" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="${height}" fill="#555"/>`,
    `<rect x="${left}" width="${right}" height="${height}" fill="${looks[status].fill}"/></g>`,
    `<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    `<text x="${left / 2}" y="14" textLength="${left - margin}">${name}</text>`,
    `<text x="${left + right / 2}" y="14" textLength="${right - margin}">${word}</text></g></svg>`,
  ].join('\n')
}

const longestLabel = 120
const margin = 10
const letterWidth = 7

/** As wide as most letters make it; the text is fitted into it. */
function widthOf(text: string): number {
  return Array.from(text).length * letterWidth + margin
}
