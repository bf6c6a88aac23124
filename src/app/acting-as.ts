import type { Store } from './ports.ts'
import type { ChangeTerms } from './tree-ports.ts'

/** The store whose changes of the tree are made on these terms: by somebody, who is written down with each. */
export function actingAs(store: Store, terms: ChangeTerms): Store {
  return { ...store, ...store.changing(terms) }
}
