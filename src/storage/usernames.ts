import { AppError, isAppError } from '../domain/app-error.ts'
import type { Db } from './database.ts'

/** Takes a username for a partner or an account. Throws `conflict` when one has it, in whatever letter case. */
export async function takeUsername(db: Db, username: string): Promise<void> {
  try {
    await db.insertInto('usernames').values({ name: username.toLowerCase() }).execute()
  } catch (error) {
    if (!isAppError(error, 'conflict')) throw error
    throw new AppError('conflict', `The username ${username} is taken; choose another.`, { cause: error })
  }
}

/** Gives a username back. */
export async function releaseUsername(db: Db, username: string): Promise<void> {
  await db.deleteFrom('usernames').where('name', '=', username.toLowerCase()).execute()
}
