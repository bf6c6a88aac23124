import * as fc from 'fast-check'

/** What a target of fuzzing is while it is open. */
export type OpenTarget<Input> = {
  /** Tries one input. Throws, or rejects, when a promise is broken. */
  check(input: Input): void | Promise<void>
  close(): Promise<void>
}

/** How a broken promise was found: the same seed and runs find it again. */
export type FuzzFailure = { seed: number; runs: number; input: string; error: string }

export type FuzzRun = {
  seed: number
  runs: number
  /** Called as inputs are done; answers whether to go on. */
  onProgress?: (done: number) => boolean
}

/** Something that takes input from outside, and what it promises whatever that is. */
export type FuzzTarget = {
  name: string
  /** How many inputs are worth their time, where each takes long; such a target is left out of the tests. */
  mostRuns: number | null
  /** Tries so many inputs; answers the first failure, shrunk, or null. */
  run(request: FuzzRun): Promise<FuzzFailure | null>
}

/** Inputs are tried in chunks, each of a seed of its own, so that a failure is found again without those before it. */
const chunkSize = 500

/** Defines a target: a name, the inputs, and what opens it. */
export function defineTarget<Input>(
  name: string,
  input: fc.Arbitrary<Input>,
  open: () => Promise<OpenTarget<Input>>,
  mostRuns: number | null = null,
): FuzzTarget {
  return {
    name,
    mostRuns,
    async run({ seed, runs: asked, onProgress = () => true }) {
      const runs = Math.min(asked, mostRuns ?? asked)
      const target = await open()
      const property = fc.asyncProperty(input, async one => target.check(one))
      try {
        for (let done = 0; done < runs;) {
          const chunk = { seed: (seed + done / chunkSize) | 0, numRuns: Math.min(chunkSize, runs - done) }
          const details = await fc.check(property, chunk)
          if (details.failed) return toFailure(details, chunk)
          done += chunk.numRuns
          if (!onProgress(done)) return null
        }
        return null
      } finally {
        await target.close()
      }
    },
  }
}

function toFailure<Input>(
  details: fc.RunDetails<[Input]>,
  { seed, numRuns }: { seed: number; numRuns: number },
): FuzzFailure {
  const { counterexample, errorInstance } = details
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance)
  return { seed, runs: numRuns, input: fc.stringify(counterexample?.[0]), error }
}
