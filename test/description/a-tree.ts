import type { TSchema } from 'typebox'
import { fillPath } from '../../src/http/fill-path.ts'
import { exampleOf } from '../../src/wire/examples.ts'
import type { Account, Computer, Partner } from '../../src/domain/tree.ts'
import { openSharedServer, type TestServer } from '../support/a-server.ts'
import { aComputer, anAccount, aPartner, aReport, aToken, recordReport } from '../support/builders.ts'
import { bodiesOf, type Described, described } from './described.ts'

/** A partner with an account with a computer that has run its set Documents once. No two trees share a name. */
export type Tree = { partner: Partner; account: Account; computer: Computer; actionId: number }

/** What a path names that has to be made first: where it is made. The answer says in `Location` what it is called. */
const madeAt: Record<string, string> = {
  email_id: '/v1/accounts/:username/computers/:computer_id/notifications/emails',
  user: '/v1/partners/:username/users',
}

/** Bodies that a schema alone does not tell, by its title. */
const bodies: Record<string, object> = { RunReport: aReport() }

/** A server for all tests of a file, and what makes trees in it. */
export async function openDescribedServer() {
  const { server, close } = await openSharedServer()
  let count = 0
  return { server, aTree: () => makeTree(server, (count += 1)), close }
}

async function makeTree(server: TestServer, number: number): Promise<Tree> {
  const partner = await aPartner(server, { username: `partner${number}` })
  const account = await anAccount(server, { username: `account${number}`, partner })
  const computer = await aComputer(server, { username: account.username })
  const { action_id } = await recordReport(server, computer)
  return { partner, account, computer, actionId: Number(action_id) }
}

/** The node that a token needs for an operation, and none above it. */
export function placeOf({ operation: { path, scope } }: Described, { partner, account, computer }: Tree) {
  const isOfOwnComputer = !path.includes(':') && scope.startsWith('computers_')
  if (path.includes(':computer_id') || isOfOwnComputer) return computer
  return path.startsWith('/v1/accounts/:username') ? account : partner
}

/** The path of an operation with the names of a tree in it; what it names besides is made. */
export async function pathOf(server: TestServer, { operation: { path } }: Described, tree: Tree): Promise<string> {
  const names: Record<string, string> = {
    username: path.startsWith('/v1/partners/') ? tree.partner.username : tree.account.username,
    computer_id: tree.computer.computerId,
    action_id: String(tree.actionId),
    name: 'Documents',
    known_name: tree.account.username,
  }
  for (const [name, where] of Object.entries(madeAt)) {
    if (path.split('/').includes(`:${name}`)) names[name] = await make(server, fillPath(where, names), where)
  }
  return fillPath(path, names)
}

async function make(server: TestServer, url: string, where: string): Promise<string> {
  const making = described.find(([name]) => name === `POST ${where}`)?.[1]
  const [body] = making ? bodiesOf(making) : []
  if (!body) throw new Error(`POST ${where} is not described.`)
  const answer = await server.post(url, minimalBody(body), { token: await aToken(server) })
  if (answer.statusCode !== 201) throw new Error(`Nothing was made at ${url}: ${answer.body}`)
  return decodeURIComponent(new URL(String(answer.headers['location'])).pathname.split('/').at(-1) ?? '')
}

let names = 0

/** The least that a body has to have, as its schema tells: the examples of what is required, under a name of its own. */
export function minimalBody(schema: TSchema): Record<string, unknown> {
  const { title, properties, required } = schema as {
    title?: string
    properties?: Record<string, TSchema>
    required?: string[]
  }
  if (title !== undefined && bodies[title]) return { ...bodies[title] }
  const members = Object.entries(properties ?? {}).filter(([name]) => required?.includes(name))
  const least = Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, name)]))
  // Usernames are taken once in an installation, names of sets and addresses once on a computer.
  const name = `made${(names += 1)}`
  const own: Record<string, string> = { username: name, name, email: `${name}@acme.example` }
  for (const member in own) if (member in least) least[member] = own[member]
  return least
}
