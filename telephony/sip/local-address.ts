/** Which of our addresses a peer can answer to, and which addresses are at home. */
import { BlockList, isIP, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'

const home = new BlockList()
home.addSubnet('127.0.0.0', 8)
home.addSubnet('10.0.0.0', 8)
home.addSubnet('172.16.0.0', 12)
home.addSubnet('192.168.0.0', 16)
home.addAddress('::1', 'ipv6')
home.addSubnet('fc00::', 7, 'ipv6')

const family = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6')

/** Loopback and RFC 1918 (with their kin in IPv6). A name is nowhere at home. */
export const isPrivate = (address: string) => isIP(address) !== 0 && home.check(address, family(address))

/** @param entries addresses and networks in CIDR notation. Throws on anything else, a host name included. */
export function addressList(entries: readonly string[]): { has(address: string): boolean } {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits] = entry.trim().split('/')
    if (isIP(address) === 0) throw new TypeError(`not an address or network: ${entry}`)
    if (bits === undefined) list.addAddress(address, family(address))
    else list.addSubnet(address, Number(bits), family(address))
  }
  return { has: (address) => isIP(address) !== 0 && list.check(address, family(address)) }
}

/**
 * Our address as a peer should see it: the advertised one; the one we are bound to; else, bound to all, the one in the
 * peer's own network, or the first that is not loopback.
 */
export function addressTowards(peer: string, bound: string, advertised?: string): string {
  if (advertised) return advertised
  if (bound !== '0.0.0.0' && bound !== '::') return bound
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const near = own.find(({ cidr, address }) => isIP(peer) !== 0 && cidr && sharesNetwork(cidr, address, peer))
  const outer = own.find(({ internal, family }) => !internal && (bound === '::' || family === 'IPv4'))
  return near?.address ?? outer?.address ?? '127.0.0.1'
}

function sharesNetwork(cidr: string, address: string, peer: string): boolean {
  if (family(address) !== family(peer)) return false
  const network = new BlockList()
  network.addSubnet(address, Number(cidr.split('/')[1]), family(address))
  return network.check(peer, family(peer))
}
