import { hostname, userInfo } from 'node:os'

/** Who works on the command line, for the audit log: the user and the machine. */
export function commandLineUser(): string {
  return `${userName()}@${hostname()}`
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry in the system's list, as in many containers.
    return `uid ${process.getuid?.() ?? '?'}`
  }
}
