/** The kinds of answers that there are; of `elsewhere` the value is where to look. */
export type AnswerKind = 'message' | 'list' | 'nothing' | 'elsewhere' | 'text'

/** How an operation is called: the names in its path begin with a colon. */
export type OperationEntry = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  answer: AnswerKind
  /** The most rows of one page, of a list that has pages. */
  mostRows?: number
}

/** What the server answered: the value, and what its headers say. */
export type Answer<Value> = {
  value: Value
  status: number
  /** The entity tag, of a representation. */
  etag: string | undefined
  /** Where it is, of what was made or is elsewhere. */
  location: string | undefined
  headers: { get(name: string): string | null }
}

/** The answer to whoever has the representation already. */
export type Unchanged = Answer<undefined> & { status: 304 }
