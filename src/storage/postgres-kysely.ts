import type { PostgresDialect } from 'kysely'
import type { Connections } from './postgres-pool.ts'

/** The connections as Kysely sees them. */
export function asKyselyPool({
  connect,
  close,
}: Connections): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  return { options: {}, end: close, connect } as unknown as ConstructorParameters<typeof PostgresDialect>[0]['pool']
}
