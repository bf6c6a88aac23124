import type { Compilable, CompiledQuery } from 'kysely'
import type { Db } from './database.ts'

class Parameter {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

/** A query compiled once: calling it runs it with these parameters. */
export type Prepared<Parameters extends unknown[], Row> = (...parameters: Parameters) => Promise<Row[]>

/**
 * Compiles a query when it is built, so that a call only binds its parameters: Kysely's building and compiling cost
 * more than most of our queries take to run. `build` is handed one stand-in for each parameter.
 */
export function prepare<Parameters extends unknown[], Row>(
  db: Db,
  build: (...parameters: Parameters) => Compilable<Row>,
): Prepared<Parameters, Row> {
  // A stand-in is only ever carried to the place where its value is bound, so that its own type never shows.
  const standIns = Array.from({ length: build.length }, (_, index) => new Parameter(index)) as unknown[] as Parameters
  const compiled: CompiledQuery<Row> = build(...standIns).compile()
  const bound = compiled.parameters
  return async (...parameters) => {
    const values = bound.map(value => (value instanceof Parameter ? parameters[value.index] : value))
    const { rows } = await db.executeQuery<Row>({ ...compiled, parameters: values })
    return rows
  }
}
