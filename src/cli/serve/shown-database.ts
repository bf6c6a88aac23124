/** Which database this is, for people: of a URL neither the password nor the parameters, which may hold one, too. */
export function toShownDatabase(database: string): string {
  const url = /^(postgres(?:ql)?):\/\/(?:([^/?#]*)@)?([^?#@]*)/.exec(database)
  if (!url) return database
  const [, protocol = '', credentials = '', place = ''] = url
  const user = credentials.split(':', 1)[0] ?? ''
  return `${protocol}://${user === '' ? '' : `${user}@`}${place}`
}
