import { sql } from 'kysely'
import type { Db } from '../database.ts'

/**
 * With the pulse of the servers stands the timeline of PostgreSQL that it was written on: a standby that has it there
 * follows the primary which wrote it, and not a former one.
 */
export async function timeline(db: Db): Promise<void> {
  await sql.raw('alter table server_pulses add column timeline bigint').execute(db)
}
