/** What the client needs of `fetch`; that of the platform will do, and so will any other transport. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchAnswer>

/** One request; an answer that points elsewhere is not followed. Rejects when the connection or the signal ends it. */
export type FetchRequest = {
  method: string
  headers: Record<string, string>
  body?: string | Uint8Array<ArrayBuffer>
  redirect: 'manual'
  signal: AbortSignal
}

/** One answer, whatever its status. */
export type FetchAnswer = {
  status: number
  headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** A scope that a token may have. */
export type Scope =
  'partners_read' | 'partners_write' | 'accounts_read' | 'accounts_write' | 'computers_read' | 'computers_write'

/** Who calls: a token or an agent key, or a client that tokens are asked for with; without scopes for all that it may. */
export type Credentials =
  { token: string } | { agentKey: string } | { clientId: string; clientSecret: string; scopes?: readonly Scope[] }

export type ClientOptions = {
  /** The address of the server, such as `https://backup.example.net`. */
  url: string | URL
  credentials: Credentials
  /** What is sent and asked for; the values are the same. Left out: JSON. */
  format?: 'json' | 'xml'
  /** What requests are sent with; left out: `fetch` of the platform. */
  fetch?: Fetch
  /** How often a request is sent at most; left out: 4 times. */
  attempts?: number
  /** The pause before the second attempt in milliseconds; it doubles with each further one. Left out: 500. */
  firstPauseMs?: number
  /** The longest of these pauses; a server may ask for a longer one. Left out: 30,000. */
  longestPauseMs?: number
  /** How long one attempt may take; left out: 20,000. */
  attemptTimeoutMs?: number
  /** How long a call may take with all its attempts and pauses; left out: 60,000. */
  timeoutMs?: number
  /** Ends every call. */
  signal?: AbortSignal
  /** What time it is, in milliseconds since 1970; left out: `Date.now`. */
  clock?: () => number
}

/** What one call may say besides its input. */
export type CallOptions = {
  /** Ends the call, which rejects with the reason of the signal. */
  signal?: AbortSignal | undefined
  /** How long the call may take with all its attempts and pauses, in place of that of the client. */
  timeoutMs?: number | undefined
  /** Whether the request may reach the server twice; left out: as its method and its `run_key` tell. */
  isRepeatable?: boolean | undefined
  /** Change the resource only if it still has this entity tag. */
  ifMatch?: string | undefined
}

/** A body that is neither JSON nor XML, such as what a backup tool printed. */
export type RawBody<Type extends string = string> =
  | { type: Type; content: string | Uint8Array<ArrayBuffer> }
  | ('multipart/form-data' extends Type ? { type: 'multipart/form-data'; content: FormData } : never)

/** One of the two kinds of bodies that an operation takes. */
export type BodyOrRaw<Body, Type extends string> =
  { body: Body; raw?: undefined } | { raw: RawBody<Type>; body?: undefined }

/** A name in a path; it is encoded. */
export type PathPart = string | number
