import { Kysely, PostgresAdapter, PostgresDialect } from 'kysely'
import type { Db } from './database.ts'
import type { Connections } from './postgres-pool.ts'
import type { Tables } from './tables.ts'

/** Kysely on the connections. */
export function toKysely(connections: Connections): Db {
  return new Kysely<Tables>({ dialect: new PooledDialect({ pool: asKyselyPool(connections) }) })
}

class PooledDialect extends PostgresDialect {
  override createAdapter(): PostgresAdapter {
    return new LockedAdapter()
  }
}

/**
 * Kysely locks migrations for the session, which a pooler may take to another server between the lock and its end. Whoever
 * migrates has locked them for his transaction instead.
 */
class LockedAdapter extends PostgresAdapter {
  override acquireMigrationLock(): Promise<void> {
    return Promise.resolve()
  }

  override releaseMigrationLock(): Promise<void> {
    return Promise.resolve()
  }
}

/** The connections as Kysely sees them. */
function asKyselyPool({ connect, close }: Connections): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  return { options: {}, end: close, connect } as unknown as ConstructorParameters<typeof PostgresDialect>[0]['pool']
}
