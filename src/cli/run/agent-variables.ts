import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import { parseEnv } from 'node:util'
import { errorCode } from './error-code.ts'

/** The settings of a computer that reports, which may stand in the environment and in its files. */
export const agentVariables = [
  'LASTGOOD_URL',
  'LASTGOOD_KEY',
  'LASTGOOD_KEY_FILE',
  'LASTGOOD_SPOOL',
  'LASTGOOD_SPOOL_MEGABYTES',
  'LASTGOOD_SPOOL_DAYS',
] as const

export type AgentVariable = (typeof agentVariables)[number]
export type AgentVariables = Partial<Record<AgentVariable, string>>

/** What the settings files of a computer say, the one that goes first first, and what people should know of them. */
export type AgentFiles = {
  layers: AgentVariables[]
  /** What is wrong and changes nothing. */
  warnings: string[]
  /** Files that could not be read: told where a setting is missing. */
  unread: string[]
}

/**
 * Reads the settings files of a computer: the one that `LASTGOOD_CONFIG` names, else the user's and then the system's.
 * They hold lines of `KEY=VALUE`, as `node --env-file` reads them. Never throws.
 */
export async function readAgentFiles(env: NodeJS.ProcessEnv): Promise<AgentFiles> {
  const named = env['LASTGOOD_CONFIG']
  const paths = named ? [named] : usualFiles({ env, platform: process.platform, home: homedir() })
  const files: AgentFiles = { layers: [], warnings: [], unread: [] }
  for (const path of paths) await readInto(files, path, Boolean(named))
  return files
}

/** Where settings files usually are: the user's, then the system's. */
export function usualFiles({ env, platform, home }: FilePlace): string[] {
  if (platform === 'win32') {
    const folders = [env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), env['ProgramData'] || 'C:\\ProgramData']
    return folders.map(folder => win32.join(folder, 'lastgood', 'agent.conf'))
  }
  const configHome = env['XDG_CONFIG_HOME'] ?? ''
  const own = posix.isAbsolute(configHome) ? configHome : posix.join(home, '.config')
  return [posix.join(own, 'lastgood', 'agent.conf'), '/etc/lastgood/agent.conf']
}

type FilePlace = { env: NodeJS.ProcessEnv; platform: NodeJS.Platform; home: string }

async function readInto(files: AgentFiles, path: string, isNamed: boolean): Promise<void> {
  try {
    const variables = parseEnv(await readFile(path, 'utf8'))
    files.layers.push(pickKnown(variables))
    files.warnings.push(...unknownIn(variables, path), ...(await openKeyIn(variables, path)))
  } catch (error) {
    const code = errorCode(error)
    if (code === '') throw error
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    if (isNamed) files.warnings.push(`${path}, named by LASTGOOD_CONFIG, cannot be read (${code}).`)
    else if (!isMissing) files.unread.push(`${path} cannot be read (${code}).`)
  }
}

function pickKnown(variables: NodeJS.Dict<string>): AgentVariables {
  return Object.fromEntries(agentVariables.flatMap(name => (variables[name] ? [[name, variables[name]]] : [])))
}

function unknownIn(variables: NodeJS.Dict<string>, path: string): string[] {
  const known: readonly string[] = agentVariables
  return Object.keys(variables)
    .filter(name => name.startsWith('LASTGOOD_') && !known.includes(name))
    .map(name => `${path}: ${name} is no setting of a computer that reports; there are ${known.join(', ')}.`)
}

const readByOthers = 0o004

async function openKeyIn(variables: NodeJS.Dict<string>, path: string): Promise<string[]> {
  if (!variables['LASTGOOD_KEY'] || process.platform === 'win32') return []
  const { mode } = await stat(path)
  return mode & readByOthers ? [`${path} holds the agent key and everybody can read it: chmod 600 ${path}.`] : []
}
