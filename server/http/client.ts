import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv6, type Socket } from 'node:net'
import { addressGroup, parseAddress } from '#server/lib/address.ts'
import { derived, type HttpSettings } from './settings.ts'

/** Who is at the other end, as far as proxies that we trust may tell. */
export type Client = {
  address: string
  /** Under what the address is limited: v6 by its /64. */
  group: string
  /** Came over HTTPS, here or at a trusted proxy. */
  isSecure: boolean
  /** As the client typed it, with the port; empty where a client of HTTP/1.0 says none, and where it is no host. */
  host: string
}

type Peer = { address: string; group: string; isSecure: boolean; isTrusted: boolean; trustedBy: object | undefined }
type KnownSocket = Socket & { encrypted?: boolean; [peerKey]?: Peer }
const peerKey = Symbol('peer')

/**
 * Nothing is believed from an address that is not listed: whoever trusts every proxy lets each client choose its own address.
 * X-Forwarded-For is read from the right, over hops that are listed themselves; the first that is not is the client.
 */
export function createClientReader(settings: () => HttpSettings): ClientReader {
  const trusted = derived(settings, ({ trustedProxies }) => createTrust(trustedProxies))

  const read = (request: IncomingMessage): Client => {
    const trust = trusted()
    const peer = peerOf(request.socket, trust)
    const { host: said = '' } = request.headers
    const host = hostPattern.test(said) ? said : ''
    if (!peer.isTrusted) return { address: peer.address, group: peer.group, isSecure: peer.isSecure, host }
    return readForwarded(request.headers, { peer, host, trust })
  }
  return Object.assign(read, { isProxy: (socket: Socket) => peerOf(socket, trusted()).isTrusted })
}

export type ClientReader = ((request: IncomingMessage) => Client) & {
  /** Whether a line comes from a proxy, behind which are many. */
  isProxy(socket: Socket): boolean
}

type Trust = { trusts(address: string): boolean }

function peerOf(socket: KnownSocket, trust: Trust): Peer {
  const known = socket[peerKey]
  if (known && known.trustedBy === trust) return known
  const remote = socket.remoteAddress
  const address = (remote === undefined ? undefined : parseAddress(remote)) ?? ''
  const peer: Peer = {
    address,
    group: addressGroup(address),
    isSecure: socket.encrypted === true,
    isTrusted: trust.trusts(address === '' ? 'unix' : address),
    trustedBy: trust,
  }
  socket[peerKey] = peer
  return peer
}

function readForwarded(headers: IncomingMessage['headers'], near: { peer: Peer; host: string; trust: Trust }): Client {
  const hops = listOf(headers['x-forwarded-for'])
  let address = near.peer.address
  let depth = 0
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = parseAddress(hops[i] ?? '')
    if (hop === undefined) break
    address = hop
    depth++
    if (!near.trust.trusts(hop)) break
  }
  // Each hop appends its word; a proxy that overwrites leaves a shorter list, whose last word then is its own.
  const wordOf = (name: string) => {
    const words = listOf(headers[name])
    return words[Math.max(0, words.length - Math.max(1, depth))]
  }
  const proto = wordOf('x-forwarded-proto')?.toLowerCase()
  const host = wordOf('x-forwarded-host')
  return {
    address,
    group: addressGroup(address),
    isSecure: proto === undefined ? near.peer.isSecure : proto === 'https' || proto === 'wss',
    host: host !== undefined && hostPattern.test(host) ? host : near.host,
  }
}

const hostPattern = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/** RFC 9112, 3.2: a request with more than one Host, or with one that is none, is refused: each hop would read another address in it. */
export function hasGoodHost({ headers: { host = '' }, rawHeaders }: IncomingMessage): boolean {
  if (host !== '' && !hostPattern.test(host)) return false
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.length === 4 && /^host$/i.test(rawHeaders[i] ?? '')) count++
  return count <= 1
}

function listOf(header: string | string[] | undefined): string[] {
  if (header === undefined) return []
  const whole = typeof header === 'string' ? header : header.join(',')
  return whole
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function createTrust(proxies: readonly string[]): Trust {
  const list = new BlockList()
  for (const proxy of proxies) {
    if (proxy === 'unix') continue
    const [network = '', bits] = proxy.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(bits), family)
  }
  return {
    trusts: (address) => {
      if (proxies.length === 0) return false
      if (address === 'unix') return proxies.includes('unix')
      return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
    },
  }
}
