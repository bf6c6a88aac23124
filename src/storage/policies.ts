import type { Policy } from '../domain/condition.ts'

/** A policy as a column holds it. Only `changePartner` writes one, and it is handed checked ones. */
export function parsePolicy(text: string): Policy {
  return JSON.parse(text) as Policy
}

/** The policy that holds at a path, from the partners' own by their paths: the nearer word goes. */
export function effectivePolicy(own: ReadonlyMap<string, Policy>, path: string): Policy {
  const ids = path.split('/').filter(Boolean)
  const above = ids.map((_, index) => own.get(`/${ids.slice(0, index + 1).join('/')}/`))
  return Object.assign({}, ...above) as Policy
}
