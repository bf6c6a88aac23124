import { describe, expect, test } from 'vitest'
import { AppError } from '../domain/app-error.ts'
import { buildGroupCommit } from './group-commit.ts'

/** A commit that answers when it is told to, and remembers its batches. */
function aCommit(fails: (items: number[]) => Error | undefined = () => undefined) {
  const batches: number[][] = []
  const waiting: (() => void)[] = []
  const commit = async (items: number[]) => {
    batches.push(items)
    await new Promise<void>(resolve => {
      waiting.push(resolve)
    })
    const failure = fails(items)
    if (failure) throw failure
    return items.map(item => item * 10)
  }
  const turn = () => new Promise(resolve => setImmediate(resolve))
  const answer = async () => {
    await turn()
    waiting.shift()?.()
    await turn()
  }
  return { commit, batches, answer }
}

describe('group commit', () => {
  test('what is asked for in one turn shares a batch, and each is answered with its own result', async () => {
    const { commit, batches, answer } = aCommit()
    const add = buildGroupCommit(commit, 1)
    const results = Promise.all([add(1), add(2), add(3)])
    await answer()
    expect(await results).toEqual([10, 20, 30])
    expect(batches).toEqual([[1, 2, 3]])
  })

  test('what comes while a batch is on its way gathers for the next one', async () => {
    const { commit, batches, answer } = aCommit()
    const add = buildGroupCommit(commit, 1)
    const first = add(1)
    await new Promise(resolve => setImmediate(resolve))
    const rest = [add(2), add(3)]
    await answer()
    expect(await first).toBe(10)
    await answer()
    expect(await Promise.all(rest)).toEqual([20, 30])
    expect(batches).toEqual([[1], [2, 3]])
  })

  test('nothing is answered before its own batch is committed', async () => {
    const { commit, answer } = aCommit()
    const add = buildGroupCommit(commit, 1)
    let isAnswered = false
    const result = add(1).then(() => {
      isAnswered = true
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(isAnswered).toBe(false)
    await answer()
    await result
    expect(isAnswered).toBe(true)
  })

  test('in a batch that fails one bad item fails alone', async () => {
    const { commit, batches, answer } = aCommit(items => (items.includes(2) ? new Error('bad 2') : undefined))
    const add = buildGroupCommit(commit, 1)
    const results = Promise.allSettled([add(1), add(2), add(3)])
    for (let count = 0; count < 4; count += 1) await answer()
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]])
  })

  test('a database that is away fails the whole batch at once', async () => {
    const { commit, batches, answer } = aCommit(() => new AppError('unavailable', 'away'))
    const add = buildGroupCommit(commit, 1)
    const results = Promise.allSettled([add(1), add(2)])
    await answer()
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(batches).toEqual([[1, 2]])
  })
})
