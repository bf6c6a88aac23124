/** Names of which some are known to stand for the same. A name is of the kind that stands before its colon. */
export type Sameness = {
  join: (one: string, other: string) => void
  areSame: (one: string, other: string) => boolean
  /** One name for all that are the same. */
  classOf: (name: string) => string
  /** The kinds of all names that are the same as this one. */
  kindsOf: (name: string) => Set<string>
  copy: () => Sameness
}

/** Builds a sameness in which every name stands for itself, or for what `known` says. */
export function buildSameness(known: ReadonlyMap<string, string> = new Map()): Sameness {
  const classes = new Map(known)
  const classOf = (name: string) => classes.get(name) ?? name
  return {
    classOf,
    areSame: (one, other) => classOf(one) === classOf(other),
    join: (one, other) => {
      const [from, to] = [classOf(one), classOf(other)]
      for (const name of [one, other, ...classes.keys()]) if (classOf(name) === from) classes.set(name, to)
      classes.set(from, to)
    },
    kindsOf: name => {
      const all = [name, ...classes.keys(), ...classes.values()].filter(other => classOf(other) === classOf(name))
      return new Set(all.filter(other => other.includes(':')).map(other => other.slice(0, other.indexOf(':'))))
    },
    copy: () => buildSameness(classes),
  }
}
