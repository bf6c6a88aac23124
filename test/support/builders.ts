import { addApiKey } from '../../src/app/api-keys.ts'
import { addToken } from '../../src/app/issue-token.ts'
import type { Place } from '../../src/app/ports.ts'
import { hashSecret, mintAgentKey, mintHexSecret } from '../../src/app/secrets.ts'
import { hours, type Instant } from '../../src/domain/instant.ts'
import { type Scope, scopes as allScopes } from '../../src/domain/principal.ts'
import type { Account, Computer, Partner } from '../../src/domain/tree.ts'
import type { RunReport } from '../../src/wire/run-report.ts'
import type { TestServer } from './a-server.ts'
import { testNow } from './tree.ts'

type NodeOfTree = Partner | Account | Computer

/** A partner below another one, by default below the root. */
export async function aPartner(
  server: TestServer,
  { username = 'north', parent = server.root } = {},
): Promise<Partner> {
  return server.store.addPartner({ parentId: parent.id, username, name: username }, testNow)
}

/** An account of a partner. */
export async function anAccount(
  server: TestServer,
  { username = 'acme', partner = server.root, timeZone = 'America/New_York', acceptsNewSets = true } = {},
): Promise<Account> {
  const account = { partnerId: partner.id, username, name: username, timeZone, acceptsNewSets }
  return server.store.addAccount(account, testNow)
}

/** A computer of the account of that name, which is made when it is not there. */
export async function aComputer(
  server: TestServer,
  {
    name = 'File server',
    ownTimeZone = null,
    ...account
  }: { name?: string; ownTimeZone?: string | null } & Parameters<typeof anAccount>[1] = {},
): Promise<Computer> {
  const { id } = (await server.store.findAccount(account.username ?? 'acme')) ?? (await anAccount(server, account))
  return server.store.addComputer({ accountId: id, name, timeZone: ownTimeZone }, testNow)
}

/** A token for a node of the tree and everything below it, by default for all there is, with every scope. */
export async function aToken(
  server: TestServer,
  {
    scopes = allScopes,
    place = server.root,
    lifetimeMs = hours(1),
  }: { scopes?: readonly Scope[]; place?: NodeOfTree; lifetimeMs?: number } = {},
): Promise<string> {
  const token = { scopes, place: toPlace(place), clientId: null }
  return (await addToken(server.store, token, lifetimeMs, server.now)).token
}

/** The agent key of a computer. */
export async function anAgentKey({ store }: TestServer, computer: Computer): Promise<string> {
  const key = mintAgentKey()
  await store.setAgentKey(computer.key, hashSecret(key), testNow)
  return key
}

/** An API key for what is at or below a node of the tree, by default for all there is. */
export async function anApiKey(server: TestServer, place: NodeOfTree = server.root): Promise<string> {
  return (await addApiKey(server.store, { name: 'Wall dashboard', place: toPlace(place) }, testNow)).secret
}

/** A client with its secret, by default of the root partner and with every scope. */
export async function aClient(
  server: TestServer,
  { scopes = allScopes, place = server.root }: { scopes?: readonly Scope[]; place?: NodeOfTree } = {},
): Promise<{ id: number; clientId: string; clientSecret: string }> {
  const [clientId, clientSecret] = [mintHexSecret(), mintHexSecret()]
  const client = { clientId, secretHash: hashSecret(clientSecret), name: 'Connector', scopes, place: toPlace(place) }
  const { id } = await server.store.addClient(client, testNow)
  return { id, clientId, clientSecret }
}

/** The report of a backup of Documents that went well an hour ago, as the wire has it. */
export function aReport(report: Partial<RunReport> = {}): RunReport {
  return {
    backupset_name: 'Documents',
    status: 'SUCCESS',
    local_start: '2026-03-05T09:00:00-05:00',
    local_end: '2026-03-05T09:10:00-05:00',
    total_files: 120,
    processed_files: 120,
    new_files: 7,
    bytes: 4_096,
    ...report,
  }
}

/** Lets the server record a report of a computer; answers the row of its run. */
export async function recordReport(
  server: TestServer,
  computer: Computer,
  report: RunReport = aReport(),
): Promise<Record<string, unknown>> {
  const token = await aToken(server, { scopes: ['computers_write'], place: computer })
  const answer = await server.post(runsUrl(computer), report, { token })
  if (answer.statusCode >= 300) throw new Error(`The report was refused: ${answer.body}`)
  return answer.json()
}

/** The path of the runs of a computer. */
export function runsUrl({ username, computerId }: Pick<Computer, 'username' | 'computerId'>): string {
  return `/v1/accounts/${username}/computers/${computerId}/runs`
}

/** The path of the backup status report of a computer, with a query. */
export function reportUrl({ username, computerId }: Pick<Computer, 'username' | 'computerId'>, query = ''): string {
  return `/v1/accounts/${username}/computers/${computerId}/reports/backup_status${query}`
}

/** A date on a clock with an offset as an instant. */
export function at(date: string): Instant {
  return Date.parse(date)
}

function toPlace(node: NodeOfTree): Place {
  if ('key' in node) return { partnerId: lastOf(node.partnerPath), accountId: node.accountId, computerKey: node.key }
  if ('partnerId' in node) return { partnerId: node.partnerId, accountId: node.id, computerKey: null }
  return { partnerId: node.id, accountId: null, computerKey: null }
}

function lastOf(partnerPath: string): number {
  return Number(partnerPath.split('/').findLast(Boolean))
}
