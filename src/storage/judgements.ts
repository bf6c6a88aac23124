import type { UpdateQueryBuilder, UpdateResult } from 'kysely'
import type { Db } from './database.ts'
import type { Tables } from './tables.ts'

type Judgements = UpdateQueryBuilder<Tables, 'judgements', 'judgements', UpdateResult>

/** Lets a new set be judged. */
export async function addJudgement(
  db: Db,
  { accountId, computerKey, setId }: { accountId: number; computerKey: number; setId: number },
): Promise<void> {
  await db
    .insertInto('judgements')
    .values({
      account_id: accountId,
      computer_key: computerKey,
      set_id: setId,
      next_at: 0,
      rules: null,
      status: null,
      due_at: null,
    })
    .execute()
}

/** Lets some sets be judged anew: what they are expected to do, or what it is called, has changed. */
export async function judgeAnew(db: Db, which: (judgements: Judgements) => Judgements): Promise<void> {
  await which(db.updateTable('judgements').set({ next_at: 0 })).execute()
}
