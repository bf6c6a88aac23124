import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

/** How the line to the server is: `behind` when it is cut, `server-behind` when the server itself judges nothing. */
export type Liveness = 'live' | 'behind' | 'server-behind'

/** How long nothing may be heard: the server says every fifteen seconds that it is there. */
const silentAfterMs = 40_000
/** How long ago the server may have judged: it does so every second, and says that it is awake every five. */
const judgedAfterMs = 60_000

/** Listens to the server: what it says has changed is asked for again. */
export function useLive(): Liveness {
  const client = useQueryClient()
  const [liveness, setLiveness] = useState<Liveness>('live')
  useEffect(() => {
    const source = new EventSource('/session/events')
    let silence = window.setTimeout(() => setLiveness('behind'), silentAfterMs)
    const heard = () => {
      window.clearTimeout(silence)
      silence = window.setTimeout(() => setLiveness('behind'), silentAfterMs)
    }
    // What changed before the line was there has been told to nobody.
    source.addEventListener('open', () => void client.invalidateQueries())
    source.addEventListener('change', () => {
      heard()
      void client.invalidateQueries()
    })
    source.addEventListener('beat', event => {
      heard()
      const { now, judged } = JSON.parse(String(event.data)) as { now: number; judged: number | null }
      setLiveness(judged !== null && now - judged <= judgedAfterMs ? 'live' : 'server-behind')
    })
    source.addEventListener('error', () => {
      setLiveness('behind')
      // A session that has ended is told by what is asked next.
      void client.invalidateQueries({ queryKey: ['session'] })
    })
    return () => {
      window.clearTimeout(silence)
      source.close()
    }
  }, [client])
  return liveness
}
