import type { NamedSet } from '../app/ping-directory.ts'
import type { Instant } from '../domain/instant.ts'
import type { PingKind } from '../domain/ping.ts'
import type { BodyReading } from '../domain/ping-end.ts'

/** A request to a webhook, as text. */
export type HookRequest = {
  method: string
  /** The path as it was sent, without the query. */
  path: string
  /** What stands in the path behind the name of the set, without a slash at its ends; empty in a dialect's own path. */
  rest: string
  query: URLSearchParams
  /** By names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  /** Empty as long as nobody knows whether the caller may send one. */
  body: string
}

/** What is logged of a delivery, secrets and all: they are redacted before it is stored. */
type Logged = { log: string }

/** A sign of a run of which start and end are told apart, as by pings: what it says joins what was said before. */
export type Signal = Logged & {
  kind: 'signal'
  signal: PingKind
  /** 0 to 255, of an end only. */
  exitStatus: number | null
  /** What the sender calls the run, so that its start and its end find each other; null: it does not say. */
  series: string | null
  /** How the run ended, as far as the dialect tells more than the signal; null: nothing. */
  reading: BodyReading | null
}

/** What tells deliveries of one run from those of another; null where a sender repeats itself word for word. */
type Identified = { identity: string | null }

/** A whole run, as the dialect itself tells it. Null times are those of the arrival. */
export type WholeRun = Logged &
  Identified & {
    kind: 'run'
    reading: BodyReading
    startedAt: Instant | null
    endedAt: Instant | null
    /** How long it took, where it is not said when it began; null: not known. */
    durationMs: number | null
  }

/** The output of a backup tool, for the adapter of that name to read. */
export type SentOutput = Logged &
  Identified & {
    kind: 'output'
    tool: string
    output: string
    /** Whether the delivery says besides that the run failed: then it did, whatever the output says. */
    isFailure: boolean
    /** When it began and ended, where the delivery says it better than the output. */
    startedAt: Instant | null
    endedAt: Instant | null
  }

/** What a request to a webhook says. `nothing` was understood, and is to be forgotten. */
export type Delivery = Signal | WholeRun | SentOutput | { kind: 'nothing' }

/** A set as a request names it: the first of the names that there is; none where what stands in the path names no set. */
export type HookName = { sets: readonly NamedSet[]; rest: string; mayCreate: boolean }

/** What became of a request. `number` is that of the run or of the ping; `text` is a sentence for people. */
export type HookOutcome =
  { kind: 'accepted'; number: number; at: Instant; request: HookRequest } | { kind: RefusalKind; text: string }

/** Why a webhook refuses a request. */
export type RefusalKind =
  'unreadable' | 'unnamed' | 'not-found' | 'wrong-method' | 'ambiguous' | 'failed' | 'unavailable'

export type HookReply = { status: number; contentType: string; body: string }

/**
 * One dialect in which backup tools and monitors tell how their runs ended. Pure: a request in, a value out.
 * `read` throws `invalid`, with a sentence for the sender, when it cannot read what was sent, and nothing else.
 */
export interface Webhook {
  /** What it is called in `/hooks/<name>/…`. */
  name: string
  /** What sends it, for people. */
  sender: string
  /** The methods that say something; null: any. */
  methods: readonly string[] | null
  /** Where else it is found, and how requests there name a set; null: nowhere. */
  native: { routes: readonly string[]; name(request: HookRequest): HookName | null } | null
  /** What stands behind the name of the set in the address to paste, and where it is pasted. */
  setup: { rest: string; paste: string }
  read(request: HookRequest): Delivery
  reply(outcome: HookOutcome): HookReply
}
