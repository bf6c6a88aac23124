/** A row of `table` is an orphan when what its columns name is not in `parent`; null names nothing. */
export type Relation = { table: string; columns: readonly string[]; parent: string; key: readonly string[] }

const ofAccount = ['computers', 'backup_sets', 'runs', 'set_states', 'judgements', 'agent_keys', 'ping_keys', 'mails']
const ofComputer = ['backup_sets', 'runs', 'set_states', 'judgements', 'agent_keys', 'ping_keys', 'mails', 'mail_rules']
const ofSet = ['runs', 'set_states', 'judgements', 'pings', 'set_ping_ids', 'mail_rules', 'condition_changes', 'outbox']

/** What must be there for each row, beside what the databases themselves watch over. */
export const relations: readonly Relation[] = [
  { table: 'accounts', columns: ['partner_id'], parent: 'partners', key: ['id'] },
  ...ofAccount.map(table => ({ table, columns: ['account_id'], parent: 'accounts', key: ['id'] })),
  ...ofComputer.map(table => ({
    table,
    columns: ['account_id', 'computer_key'],
    parent: 'computers',
    key: ['account_id', 'key'],
  })),
  ...ofSet.map(table => ({
    table,
    columns: ['account_id', 'set_id'],
    parent: 'backup_sets',
    key: ['account_id', 'id'],
  })),
  { table: 'outbox', columns: ['channel_id'], parent: 'channels', key: ['id'] },
  { table: 'run_logs', columns: ['account_id', 'run_id'], parent: 'runs', key: ['account_id', 'id'] },
  { table: 'backup_sets', columns: ['account_id', 'id'], parent: 'judgements', key: ['account_id', 'set_id'] },
]

/** Counts the orphans of a relation, and answers one of them. */
export function orphansStatement({ table, columns, parent, key }: Relation): string {
  const same = columns.map((column, index) => `p.${key[index]} = c.${column}`).join(' and ')
  const isNamed = columns.map(column => `c.${column} is not null`).join(' and ')
  const shown = columns.map(column => `min(c.${column})`).join(', ')
  return `select count(*), ${shown} from ${table} as c where ${isNamed} and not exists (select 1 from ${parent} as p where ${same})`
}
