import { type Client, createClient, type Credentials } from '../../client/client.ts'
import { type Environment, readVariable, settings } from '../../config.ts'
import { AppError } from '../../domain/app-error.ts'
import { nodeFetch } from './node-fetch.ts'

/** A client of the server at `url`, with the credentials of the environment. Throws `invalid` where there are none. */
export function openClient(url: string, environment: Environment): Client {
  return createClient({ url, credentials: readCredentials(environment), fetch: nodeFetch })
}

/** The client that the environment names, else the agent key. Throws `invalid`, saying what to set. */
export function readCredentials(environment: Environment): Credentials {
  const clientId = readVariable(environment, settings.clientId) ?? ''
  const clientSecret = readVariable(environment, settings.clientSecret) ?? ''
  const agentKey = readVariable(environment, settings.key) ?? ''
  if (clientId !== '' && clientSecret !== '') return { clientId, clientSecret }
  if (clientId !== '' || clientSecret !== '') {
    throw new AppError('invalid', 'LASTGOOD_CLIENT_ID and LASTGOOD_CLIENT_SECRET belong together: set both.')
  }
  if (agentKey !== '') return { agentKey }
  throw new AppError(
    'invalid',
    'The server must know who asks: set LASTGOOD_CLIENT_ID and LASTGOOD_CLIENT_SECRET, or LASTGOOD_KEY.',
  )
}
