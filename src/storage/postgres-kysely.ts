import type { PostgresDialect } from 'kysely'
import type pg from 'pg'
import { toPostgresError } from './postgres-errors.ts'
import { toNamedQuery } from './postgres-statements.ts'

/** The pool as Kysely sees it, with every statement that has parameters prepared by name. */
export function asNamingPool(pool: pg.Pool): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw toPostgresError(error)
      })
      return {
        release: () => client.release(),
        query: async (text: string, values: readonly unknown[]) => {
          try {
            return await client.query(values.length > 0 ? toNamedQuery(text, values) : { text })
          } catch (error) {
            throw toPostgresError(error)
          }
        },
      }
    },
  } as unknown as pg.Pool & ConstructorParameters<typeof PostgresDialect>[0]['pool']
}
