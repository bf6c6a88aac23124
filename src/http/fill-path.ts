/** A path with its names filled in, such as `/v1/accounts/:username`, percent-encoded. Throws where one is missing. */
export function fillPath(path: string, names: Readonly<Record<string, string>>): string {
  return path.replaceAll(/:([a-z_]+)/g, (_, name: string) => {
    const found = names[name]
    if (found === undefined) throw new Error(`Say what :${name} stands for in ${path}.`)
    return encodeURIComponent(found)
  })
}
