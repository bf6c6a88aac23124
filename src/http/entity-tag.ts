import { hash } from 'node:crypto'
import { AppError } from '../domain/app-error.ts'

/** The entity tag of a representation: another one whenever a byte of it is another (RFC 9110, 8.8.3). */
export function toEntityTag(text: string): string {
  return `"${hash('sha1', text, 'base64url')}"`
}

/** Whether a field such as `If-None-Match` names the tag, weakly compared, or any (RFC 9110, 8.8.3.2 and 13.1.2). */
export function namesTag(field: string, tag: string): boolean {
  return field.trim() === '*' || tagsIn(field).some(one => one.replace(/^W\//, '') === tag)
}

/**
 * Throws `changed` unless the field names one of the tags that a resource has now, one for each format (RFC 9110, 13.1.1).
 * A tag that is weak only because its answer was compressed names the same representation. Without the field there is
 * nothing to compare.
 */
export function checkIfMatch(field: string | undefined, tags: readonly string[]): void {
  if (field === undefined || tags.some(tag => namesTag(field, tag))) return
  throw new AppError('changed', 'The resource has changed since it was read: read it again, then change it.')
}

function tagsIn(field: string): string[] {
  return field.match(/(?:W\/)?"[^"]*"/g) ?? []
}
