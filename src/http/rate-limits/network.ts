import { isIPv6 } from 'node:net'

/**
 * What stands for whoever has an address: of IPv4 the address itself, of IPv6 its network of 64 bits, as that is the least
 * that one customer gets (RFC 6177) and all of its addresses are the caller's to choose from.
 */
export function toNetwork(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::')
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')]
  // An IPv4 address at the end stands for two groups, which are behind the network anyway.
  const known = before.length + after.length + (address.includes('.') ? 1 : 0)
  const groups = tail === undefined ? before : [...before, ...Array<string>(8 - known).fill('0'), ...after]
  const network = groups.slice(0, 4).map(group => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}

/** Whether an address is one of this machine itself (RFC 6890). */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || /^(?:0{0,4}:){1,7}0{0,3}1$/.test(address)
}

function groupsOf(part: string): string[] {
  return part === '' ? [] : part.split(':')
}
