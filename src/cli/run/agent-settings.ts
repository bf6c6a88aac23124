import { readFile } from 'node:fs/promises'
import { AppError } from '../../domain/app-error.ts'
import { errorCode } from './error-code.ts'

/** Where a computer reports to, and the key that says which computer it is. */
export type AgentSettings = { url: URL; key: string }

/** What the command line and the environment say about reporting; the command line goes before the environment. */
export type AgentOptions = { url?: string | undefined; key?: string | undefined; env: NodeJS.ProcessEnv }

/** Reads the settings of the agent. Throws `invalid` with every problem in one message. */
export async function readAgentSettings({ url, key, env }: AgentOptions): Promise<AgentSettings> {
  const settings = await Promise.allSettled([readUrl(url), readKey(key, env)])
  const [address, agentKey] = settings
  if (address.status === 'fulfilled' && agentKey.status === 'fulfilled') {
    return { url: address.value, key: agentKey.value }
  }
  const problems = settings.flatMap(setting => (setting.status === 'rejected' ? [messageOf(setting.reason)] : []))
  throw new AppError('invalid', problems.join(' '))
}

async function readUrl(text = ''): Promise<URL> {
  if (text === '') {
    throw new AppError('invalid', 'LASTGOOD_URL is not set: set it to the address of the server.')
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new AppError('invalid', 'LASTGOOD_URL must be an address such as https://backup.example.net.')
  }
  // The agent key says who we are: other credentials would only end up in messages.
  url.username = ''
  url.password = ''
  return url
}

async function readKey(text: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  const file = env['LASTGOOD_KEY_FILE']
  if (text) return checkedKey(text, 'LASTGOOD_KEY')
  if (file) return checkedKey(await readKeyFile(file), file)
  throw new AppError('invalid', 'LASTGOOD_KEY is not set: set it to the agent key of this computer.')
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new AppError('invalid', `${path}, named by LASTGOOD_KEY_FILE, cannot be read (${errorCode(error)}).`, {
      cause: error,
    })
  }
}

function checkedKey(text: string, source: string): string {
  const key = text.trim()
  if (!/^lgk_[\w-]{43}$/.test(key)) {
    throw new AppError('invalid', `${source} holds no agent key: one is lgk_ and 43 letters, digits, "_" or "-".`)
  }
  return key
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason)
}
