import { ApiError } from '../../client/client.ts'
import { AppError } from '../../domain/app-error.ts'
import { connectionProblem } from '../run/post.ts'
import { oneLine } from '../run/send-to-server.ts'

/** Does something with a server. Throws `unavailable`, saying what to do, where the server refuses it or cannot be asked. */
export async function explainFailure<Value>(url: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new AppError('unavailable', toSentence(error, new URL(url).origin), { cause: error })
  }
}

function toSentence({ status, error, description, location, cause }: ApiError, origin: string): string {
  if (error === 'connection_lost' && cause instanceof Error) return connectionProblem(cause, origin)
  if (status === 0) return `${oneLine(description)} Check that the server runs.`
  if (status === 401) return `${origin} does not know who asks: check LASTGOOD_KEY.`
  if (error === 'invalid_client') {
    return `${origin} does not know the client: check LASTGOOD_CLIENT_ID and LASTGOOD_CLIENT_SECRET.`
  }
  if (status < 300) return `${origin} is no Lastgood server: check the address.`
  if (location !== undefined) return `${origin} points to ${oneLine(location)}: check the address.`
  return error === 'unexpected_answer'
    ? `${origin} answered ${status} and no Lastgood: check the address.`
    : `${origin} answered ${status}: ${oneLine(description)}`
}
