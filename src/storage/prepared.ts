import type { Compilable } from 'kysely'
import type { Database } from './database.ts'

class Parameter {
  readonly index: number

  constructor(index: number) {
    this.index = index
  }
}

/** A query compiled once: calling it runs it with these parameters. */
export type Prepared<Parameters extends unknown[], Row> = (...parameters: Parameters) => Promise<Row[]>

/**
 * Compiles a query when it is built, so that a call only binds its parameters and goes to the database by the shortest
 * way: Kysely's building, compiling and executing cost more than our hot queries take to run. `build` is handed one
 * stand-in for each parameter.
 */
export function prepare<Parameters extends unknown[], Row>(
  { read }: Pick<Database, 'read'>,
  build: (...parameters: Parameters) => Compilable<Row>,
): Prepared<Parameters, Row> {
  // A stand-in is only ever carried to the place where its value is bound, so that its own type never shows.
  const standIns = Array.from({ length: build.length }, (_, index) => new Parameter(index)) as unknown[] as Parameters
  const compiled = build(...standIns).compile()
  return async (...parameters) => {
    const values = compiled.parameters.map(value => (value instanceof Parameter ? parameters[value.index] : value))
    // The rows are those of the query that the text was compiled from.
    return (await read(compiled.sql, values)) as Row[]
  }
}
