import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

/** What decides where reports are kept. */
export type SpoolPlace = {
  /** What `LASTGOOD_SPOOL` says. */
  named: string | undefined
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  isRoot: boolean
  home: string
}

/**
 * The folder in which reports are kept until the server has them: `LASTGOOD_SPOOL`, else one in the `STATE_DIRECTORY` of
 * systemd (systemd.exec(5)), else the usual one of the system, of the user (XDG Base Directory Specification), or of
 * Windows.
 */
export function toSpoolFolder({ named, env, platform, isRoot, home }: SpoolPlace): string {
  if (named) return (platform === 'win32' ? win32 : posix).resolve(named)
  if (platform === 'win32') {
    return win32.join(env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'lastgood', 'spool')
  }
  const [stateFolder = ''] = (env['STATE_DIRECTORY'] ?? '').split(':')
  if (posix.isAbsolute(stateFolder)) return posix.join(stateFolder, 'spool')
  if (isRoot) return '/var/lib/lastgood/spool'
  const stateHome = env['XDG_STATE_HOME'] ?? ''
  // "All paths set in these environment variables must be absolute" (XDG): others are ignored.
  const base = posix.isAbsolute(stateHome) ? stateHome : posix.join(home, '.local', 'state')
  return posix.join(base, 'lastgood', 'spool')
}

/** The folder for the user that runs this program. */
export function spoolFolderHere(named: string | undefined, env: NodeJS.ProcessEnv): string {
  return toSpoolFolder({ named, env, platform: process.platform, isRoot: process.getuid?.() === 0, home: homedir() })
}
