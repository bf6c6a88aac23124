/** The failures that the client itself tells; those of the server have its own constants. */
export type ClientFailure =
  /** The connection was lost, or there was none; `cause` says why. */
  | 'connection_lost'
  /** There was no answer in time. */
  | 'timeout'
  /** What answered is no Lastgood server, or what it answered cannot be read. */
  | 'unexpected_answer'

/** What an `ApiError` says. */
export type ApiFailure = {
  /** The status of the answer; 0 where there was none. */
  status: number
  error: string
  description: string
  requestId?: string | undefined
  /** The `Location` of the answer, of one that points elsewhere. */
  location?: string | undefined
  cause?: unknown
}

/** A call that was refused, or that came to nothing. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** The status of the answer; 0 where there was none. */
  readonly status: number
  /** A constant for programs: of the API (`not_found`, …), or a `ClientFailure`. */
  readonly error: string
  /** A sentence for people. */
  readonly description: string
  /** What to look for in the log of the server; undefined where the answer did not say. */
  readonly requestId: string | undefined
  /** Where the answer points, if it does. */
  readonly location: string | undefined

  constructor({ status, error, description, requestId, location, cause }: ApiFailure) {
    super(description, { cause })
    this.status = status
    this.error = error
    this.description = description
    this.requestId = requestId
    this.location = location
  }
}
