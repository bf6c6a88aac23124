import type { SMTPServer, SMTPServerSession } from 'smtp-server'

type Session = Pick<SMTPServerSession, 'id' | 'remoteAddress'>

/** Who is connected: how many sessions an address has, how often each guessed at addresses, how long it may last. */
export interface Sessions {
  /** Begins a session, unless its address has too many; `end` ends it. */
  begin(session: Session): boolean
  end(session: Session): void
  /** Counts an address that there is not; answers whether its sender may go on. */
  mayGuess(session: Session): boolean
}

const mostOfAddress = 20
const mostGuesses = 10

/** Builds the sessions of a server; `cut` ends one that has lasted for `longestMs`. */
export function buildSessions(longestMs: number, cut: (id: string) => void): Sessions {
  const open = new Map<string, { address: string; guesses: number; timer: NodeJS.Timeout }>()

  return {
    begin({ id, remoteAddress: address }) {
      if ([...open.values()].filter(other => other.address === address).length >= mostOfAddress) return false
      // Whoever sends a byte now and then is never idle, and would stay for ever.
      open.set(id, { address, guesses: 0, timer: setTimeout(() => cut(id), longestMs).unref() })
      return true
    },

    end({ id }) {
      clearTimeout(open.get(id)?.timer)
      open.delete(id)
    },

    mayGuess({ id }) {
      const session = open.get(id)
      if (!session) return false
      session.guesses += 1
      return session.guesses < mostGuesses
    },
  }
}

/** Ends the connections of a server whose sessions are meant, with a last reply. */
export function hangUp(server: SMTPServer, isMeant: (id: string) => boolean, text: string): void {
  for (const connection of server.connections) {
    if (isMeant(connection.session.id)) connection.send(421, text)
  }
}
