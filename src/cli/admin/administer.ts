import { existsSync } from 'node:fs'
import { actingAs } from '../../app/acting-as.ts'
import type { Facts } from '../../app/current-conditions.ts'
import { buildDirectory } from '../../app/directory.ts'
import { ensureRootPartner } from '../../app/partners.ts'
import type { Store } from '../../app/ports.ts'
import type { Instant } from '../../domain/instant.ts'
import { AppError } from '../../domain/app-error.ts'
import { isPostgresUrl } from '../../storage/database-url.ts'
import { commandLineUser } from './command-line-user.ts'
import type { AdminOptions } from './options.ts'
import { print } from './print.ts'
import { readSetting } from './read-setting.ts'

/** What a command has to say: to programs, and to people. */
export type Answer = { json: unknown; text: string }

type Work = (store: Store, now: Instant) => Promise<Answer>

/**
 * Does something with the database, prints what came of it, and closes the database whatever happens. What is changed is
 * written down as done by whoever sits at the command line.
 */
export async function administer(options: AdminOptions, work: Work, makesDatabase = false): Promise<void> {
  const asUser: Work = (store, now) => work(actingAs(store, { by: { actor: commandLineUser(), at: now } }), now)
  const { json, text } = await withStore(options, asUser, makesDatabase)
  print(options.json ? JSON.stringify(json) : text)
}

/** The facts of a database as they are now, for what conditions are derived from. */
export async function readFacts(store: Store): Promise<Facts> {
  const directory = buildDirectory(store, readSetting('catchUpMs'))
  return { store, directory, version: await store.treeVersion() }
}

/** The same for commands that may be the first to use a database: they make it where there is none. */
export function administerNew(options: AdminOptions, work: Work): Promise<void> {
  return administer(options, work, true)
}

/**
 * Opens the database, which gets its root partner if it is empty, works with it and closes it. Throws `not-found` for a
 * file that is not there, unless the command may make it.
 */
export async function withStore<Result>(
  options: AdminOptions,
  work: (store: Store, now: Instant) => Promise<Result>,
  makesDatabase = false,
): Promise<Result> {
  const database = readSetting('database', options.database)
  if (!makesDatabase && !isPostgresUrl(database) && !existsSync(database)) {
    throw new AppError(
      'not-found',
      `There is no database at ${database}: name it with --database or LASTGOOD_DATABASE_URL, or start with lastgood serve.`,
    )
  }
  const { openStore } = await import('../../storage/store.ts')
  const store = await openStore(database)
  try {
    const now = Date.now()
    await ensureRootPartner(store, now)
    return await work(store, now)
  } finally {
    await store.close()
  }
}
