import { parseFrom } from '../app/preview-schedule.ts'
import type { Instant } from '../domain/instant.ts'
import { type Parameter, text } from '../wire/parameters.ts'

/** The parameter that names the earliest date of rows; `what` begins its description. */
export function since(what: string): Parameter<string | undefined> {
  return text(`${what}: a date, or a day for its midnight in UTC. Left out: whenever.`)
}

/** Reads what was given for it. Throws `invalid`. */
export function readSince(given: string | undefined): Instant | undefined {
  return given === undefined ? undefined : parseFrom(given, 'UTC', 'since')
}
