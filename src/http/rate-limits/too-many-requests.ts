/** A request that is one too many (RFC 6585, 4): how many a minute there may be, and when to ask again. */
export class TooManyRequests extends Error {
  readonly retryAfterSeconds: number

  constructor(what: string, limit: number, retryAfterSeconds: number) {
    super(`${what} may make ${limit} requests a minute; ask again in ${retryAfterSeconds} seconds.`)
    this.retryAfterSeconds = retryAfterSeconds
  }
}
