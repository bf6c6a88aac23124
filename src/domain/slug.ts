/**
 * The slug of a backup set, made from its name: lower case, everything but `a-z`, `0-9`, `_` and `-` a hyphen, no two
 * hyphens in a row and none at the ends. Empty when the name has nothing of that.
 */
export function toSlug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
