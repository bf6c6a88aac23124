import { StatementSync } from 'node:sqlite'
import pg from 'pg'

/**
 * Loaded into a program before it begins (`--import`): kills it right before its `DIE_AT_STATEMENT`th statement that
 * changes a database or begins or ends a transaction, or right after its first commit where that is `committed`.
 */
const last = process.env['DIE_AT_STATEMENT'] ?? ''
const counted =
  /^\s*(?:begin|commit|rollback|create|alter|drop|insert|update|delete|with|lock|select setval|analyze)\b/i
let statements = 0

function die(): void {
  process.kill(process.pid, 'SIGKILL')
  // Nothing more is done until the signal has come.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function before(statement: string): void {
  if (!counted.test(statement)) return
  statements += 1
  if (String(statements) === last) die()
}

function after(statement: string): void {
  if (last === 'committed' && /^\s*commit\b/i.test(statement)) die()
}

type Method = (this: unknown, ...args: unknown[]) => unknown

const prepared = StatementSync.prototype as unknown as Record<'run' | 'all', Method> & { sourceSQL: string }
for (const name of ['run', 'all'] as const) {
  const real = prepared[name]
  prepared[name] = function watched(...args) {
    const { sourceSQL } = this as typeof prepared
    before(sourceSQL)
    const answer = real.apply(this, args)
    after(sourceSQL)
    return answer
  }
}

const client = pg.Client.prototype as unknown as { query: Method }
const query = client.query
client.query = function watched(...args) {
  const [asked] = args as [string | { text?: unknown }]
  const text = String(typeof asked === 'string' ? asked : asked.text)
  before(text)
  const answer = query.apply(this, args)
  return answer instanceof Promise ? answer.finally(() => after(text)) : answer
}
