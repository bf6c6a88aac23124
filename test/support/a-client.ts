import { type Client, type ClientOptions, createClient } from '../../src/client/client.ts'
import { listen, type TestServer } from './a-server.ts'
import { aToken } from './builders.ts'

/**
 * Lets a server listen and makes a client of it, by default with a token that may do everything. Its clock is that of
 * the server, and its pauses are as short as can be.
 */
export async function aClientOf(server: TestServer, options: Partial<ClientOptions> = {}): Promise<Client> {
  const { url } = await listen(server)
  return createClient({ url, ...(await impatient(server)), ...options })
}

/** What a client of a test's server needs besides the address. */
export async function impatient(server: TestServer) {
  return { credentials: { token: await aToken(server) }, clock: () => server.now, firstPauseMs: 1 }
}

/** What a promise is rejected with; undefined when it is not. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}
