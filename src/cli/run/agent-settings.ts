import { readFile } from 'node:fs/promises'
import { AppError } from '../../domain/app-error.ts'
import { days } from '../../domain/instant.ts'
import type { SpoolLimits } from '../spool/limits.ts'
import { type AgentVariable, type AgentVariables, readAgentFiles } from './agent-variables.ts'
import { errorCode } from './error-code.ts'

/** Where a computer reports to, and the key that says which computer it is. */
export type AgentSettings = { url: URL; key: string }

/** Where reports are kept until the server has them; `folder` is undefined for the usual one. */
export type SpoolSettings = { folder: string | undefined; limits: SpoolLimits }

/** What the command line and the environment say about reporting; the command line goes before the environment. */
export type AgentOptions = { url?: string | undefined; key?: string | undefined; env: NodeJS.ProcessEnv }

/** Everything a computer that reports is told; `warnings` are sentences for people that change nothing. */
export type ReportingSettings = { agent: AgentSettings; spool: SpoolSettings; warnings: string[] }

/**
 * Reads the settings of a computer that reports: the command line goes before the environment, that before the user's
 * settings file, and that before the system's. Throws `invalid` with every problem in one message.
 */
export async function readReportingSettings({ url, key, env }: AgentOptions): Promise<ReportingSettings> {
  const { layers, warnings, unread } = await readAgentFiles(env)
  const given = [{ ...(url && { LASTGOOD_URL: url }), ...(key && { LASTGOOD_KEY: key }) }, env, ...layers]
  const spool = readSpoolSettings(given, warnings)
  const settings = await Promise.allSettled([readUrl(given), readKey(given)])
  const [address, agentKey] = settings
  if (address.status === 'fulfilled' && agentKey.status === 'fulfilled') {
    return { agent: { url: address.value, key: agentKey.value }, spool, warnings }
  }
  const problems = settings.flatMap(setting => (setting.status === 'rejected' ? [messageOf(setting.reason)] : []))
  throw new AppError('invalid', [...problems, ...warnings, ...unread].join(' '))
}

/** Reads only where reports are kept, for commands that need no server. Never throws. */
export async function readSpoolSettingsOf(env: NodeJS.ProcessEnv): Promise<SpoolSettings> {
  const { layers } = await readAgentFiles(env)
  return readSpoolSettings([env, ...layers], [])
}

/** The layers of settings, the one that goes first first. What is empty is not set. */
type Layers = readonly AgentVariables[]

function find(layers: Layers, name: AgentVariable): string | undefined {
  return layers.map(layer => layer[name]).find(Boolean)
}

async function readUrl(layers: Layers): Promise<URL> {
  const text = find(layers, 'LASTGOOD_URL')
  if (text === undefined) {
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

async function readKey(layers: Layers): Promise<string> {
  // Whichever of the two the first layer has that has one: a key in a file must not outlive a newer one elsewhere.
  const layer = layers.find(layer => layer.LASTGOOD_KEY || layer.LASTGOOD_KEY_FILE)
  const { LASTGOOD_KEY: text, LASTGOOD_KEY_FILE: file } = layer ?? {}
  if (text) return checkedKey(text, 'LASTGOOD_KEY')
  if (file) return checkedKey(await readKeyFile(file), file)
  throw new AppError('invalid', 'LASTGOOD_KEY is not set: set it to the agent key of this computer.')
}

const usualMegabytes = 64
const usualDays = 30
const megabyte = 1024 * 1024

/** A limit that cannot be used is told in `warnings`, and the usual one holds: no report is lost for it. */
function readSpoolSettings(layers: Layers, warnings: string[]): SpoolSettings {
  const count = (name: AgentVariable, usual: number) => {
    const text = find(layers, name)
    if (text === undefined || /^[1-9]\d{0,4}$/.test(text)) return Number(text ?? usual)
    warnings.push(`${name} must be a whole number from 1 to 99999: ${usual} is used.`)
    return usual
  }
  const mostBytes = count('LASTGOOD_SPOOL_MEGABYTES', usualMegabytes) * megabyte
  const longestMs = days(count('LASTGOOD_SPOOL_DAYS', usualDays))
  return { folder: find(layers, 'LASTGOOD_SPOOL'), limits: { mostBytes, longestMs } }
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
