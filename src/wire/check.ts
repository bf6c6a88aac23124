import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { AppError } from '../domain/app-error.ts'

type Problem = { keyword: string; instancePath: string; params: object; message: string }

/**
 * Compiles a schema into a check of what came from outside. The check answers the value as its type, or throws
 * `invalid` with a sentence that names the member and what it must be. `what` names the whole in that sentence.
 */
export function buildCheck<Schema extends TSchema>(schema: Schema, what: string): (value: unknown) => Static<Schema> {
  const validator = Compile(schema)
  return value => {
    if (validator.Check(value)) return value
    throw new AppError('invalid', describe(validator.Errors(value), what, schema))
  }
}

function describe([problem]: Problem[], what: string, schema: TSchema): string {
  if (!problem) return `${what} is not valid.`
  const params = problem.params as Record<string, unknown>
  const path = problem.instancePath.slice(1).split('/').filter(Boolean).map(toName)
  const at = path.join('.')
  const member = at === '' ? what : at
  // What a schema without additional properties says of each of them.
  if (problem.keyword === 'boolean') {
    const known = path.length === 1 ? `; ${knownAre(Object.keys(membersOf(schema)))}` : ''
    return `${member} is not a known member${known}.`
  }
  if (problem.keyword === 'required')
    return `${at === '' ? '' : `${at}.`}${names(params['requiredProperties'])} is missing.`
  if (problem.keyword === 'enum') return `${member} must be one of ${names(params['allowedValues'])}.`
  const bounds = problem.keyword === 'minimum' || problem.keyword === 'maximum' ? boundsOf(schema, path) : undefined
  return `${member} ${bounds ?? problem.message}.`
}

/** Which names are known, as the end of a sentence. */
export function knownAre(names: readonly string[]): string {
  return names.length > 0 ? `known are ${names.join(', ')}` : 'none are known'
}

/** A name as a JSON pointer has it (RFC 6901, 3), cut where somebody sent a very long one. */
function toName(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 80)
}

function names(value: unknown): string {
  return Array.isArray(value) ? value.map(name => String(name).slice(0, 80)).join(', ') : ''
}

/**
 * What a whole number must be that is out of its bounds: of the members of the whole itself, where both bounds say
 * something.
 */
function boundsOf(schema: TSchema, [member, ...deeper]: string[]): string | undefined {
  const of = member === undefined ? undefined : membersOf(schema)[member]
  const { minimum, maximum } = (of ?? {}) as { minimum?: number; maximum?: number }
  if (minimum === undefined || maximum === undefined || deeper.length > 0) return undefined
  if (maximum === Number.MAX_SAFE_INTEGER) return undefined
  return `must be a whole number from ${minimum} to ${maximum}`
}

function membersOf(schema: TSchema): Record<string, TSchema> {
  return (schema as { properties?: Record<string, TSchema> }).properties ?? {}
}
