import { ApiError, createClient } from '../../client/client.ts'
import { readVariable, settings } from '../../config.ts'
import { isAppError } from '../../domain/app-error.ts'
import { seconds } from '../../domain/instant.ts'
import { type Check, fail, ok, warn } from './check.ts'
import { checkClock } from './check-clock.ts'

const timeoutMs = seconds(10)

/** Asks the server that LASTGOOD_URL names whether it is there, what time it has and whether it takes LASTGOOD_KEY. */
export async function checkServer(environment: NodeJS.ProcessEnv): Promise<Check[]> {
  const url = readOwn('url', environment)
  const key = readOwn('key', environment)
  if (typeof url === 'object') return [url]
  if (url === '') {
    return [warn('server', 'LASTGOOD_URL is not set, so no server was asked: lastgood run needs it on each computer.')]
  }
  const answer = await ask(`${url}/healthz`)
  if (typeof answer === 'string') return [fail('server', `${url} ${answer}`)]
  if (!answer.ok) return [fail('server', `${url} ${toProblem(answer)}`)]
  const clock = checkClock(answer.headers.get('date'), Date.now())
  return [ok('server', `${url} answers.`), clock, typeof key === 'object' ? key : await checkKey(url, key)]
}

// It need not exist: who may not ask is told so before anybody looks.
const cheapRun = { username: 'doctor', computer_id: '0000', action_id: 0 }

async function checkKey(url: string, key: string): Promise<Check> {
  if (key === '') {
    return warn('key', 'LASTGOOD_KEY is not set: set it to the agent key that lastgood computer add printed.')
  }
  const client = createClient({ url, credentials: { agentKey: key }, attempts: 1, timeoutMs })
  const { status, description } = await refusalOf(client.getRun(cheapRun))
  switch (status) {
    case 0:
      return fail('key', description)
    case 200:
    case 404:
      return ok('key', 'The server accepts LASTGOOD_KEY.')
    case 401:
      return fail(
        'key',
        'The server does not know LASTGOOD_KEY: print a new one with lastgood computer update USERNAME COMPUTER_ID --new-key.',
      )
    case 403:
      return warn('key', 'The server knows LASTGOOD_KEY, but it may not read: use the agent key of a computer.')
    default:
      return fail('key', `${url} ${toProblem({ status })}`)
  }
}

/** How a call was refused; with the status 200 where it was not. */
async function refusalOf(call: Promise<unknown>): Promise<Pick<ApiError, 'status' | 'description'>> {
  try {
    await call
    return { status: 200, description: '' }
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

/** The text of a setting, empty where it is not set, or what is wrong with it. */
function readOwn(name: 'url' | 'key', environment: NodeJS.ProcessEnv): string | Check {
  const { [name]: setting } = settings
  try {
    const text = readVariable(environment, setting) ?? ''
    return text === '' ? text : setting.read(text)
  } catch (error) {
    if (!isAppError(error)) throw error
    const check = name === 'url' ? 'server' : 'key'
    // Messages about a file are sentences of their own; those about a value begin with what it must be.
    return fail(check, error.message.startsWith('must ') ? `${setting.variable} ${error.message}` : error.message)
  }
}

/** The answer to a GET, or why there is none, as the end of a sentence. Redirects are not followed. */
async function ask(url: string): Promise<Response | string> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    await answer.body?.cancel()
    return answer
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: { code?: string } }
    if (name === 'TimeoutError') return `did not answer within ${timeoutMs / 1_000} seconds: check address and network.`
    return `cannot be reached (${cause?.code ?? message}): check the address, and that the server runs.`
  }
}

function toProblem({ status }: { status: number }): string {
  if (status >= 300 && status < 400) return `redirects (${status}): set LASTGOOD_URL to where it leads.`
  if (status >= 500) return `fails (${status}): look into the log of the server.`
  return `answers ${status} and no Lastgood: check the address.`
}
