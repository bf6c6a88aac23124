import pg from 'pg'
import { openStore } from '../../src/storage/store.ts'

/** The database that has seen every migration: copies are made of it. */
const template = 'lastgood_template'

/**
 * Makes the database that those of the tests are copies of. It knows its own rows, which the migrations have written, and
 * can be emptied to just those: that is several times quicker than a new copy.
 */
export async function makeTemplate(serverUrl: string): Promise<void> {
  await execute(serverUrl, `create database ${template}`)
  const url = urlOf(serverUrl, template)
  await (await openStore(url)).close()
  await execute(url, memory)
}

/** A copy of the template; answers its URL. */
export async function copyTemplate(serverUrl: string, name: string): Promise<string> {
  await execute(serverUrl, `create database ${name} template ${template}`)
  return urlOf(serverUrl, name)
}

/** Brings a copy of the template back to the state in which it was made. Nobody else may use it meanwhile. */
export async function emptyCopy(url: string): Promise<void> {
  await execute(url, 'select template.restore()')
}

/** The URL of another database on the same server. */
export function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Runs statements on a connection of their own. */
export async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/**
 * Keeps the rows and the sequences of a database beside them, and a function that restores them. Without the triggers
 * and the foreign keys, which a replica leaves alone, the order of tables does not matter.
 */
const memory = `
create schema template;
create view template.tables as
  select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition;
create table template.sequences as
  select sequencename as name, coalesce(last_value, start_value) as value, last_value is not null as is_called
  from pg_sequences where schemaname = 'public';
do $$
declare t text;
begin
  for t in select name from template.tables loop
    execute format('create table template.%I as select * from public.%I', t || '_rows', t);
  end loop;
end $$;
create function template.restore() returns void language plpgsql
set session_replication_role = replica set search_path = public as $$
declare
  t text;
  is_filled boolean;
begin
  for t in select name from template.tables loop
    execute format('select exists (select from %I)', t) into is_filled;
    if is_filled then execute format('delete from %I', t); end if;
    execute format('insert into %I overriding system value select * from template.%I', t, t || '_rows');
  end loop;
  perform setval(format('%I', name), value, is_called) from template.sequences;
end $$;
`
