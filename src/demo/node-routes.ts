import type {SimulatedBird, SimulatedLink, SimulatedNode} from './simulated-node.ts'

/** A block of another node, and how it is reached. */
interface BlockRoute {
  readonly block: string
  readonly via: string
  readonly device: string
  readonly protocol: string
}

const blockOf = (tunnelAddress: string) => `${tunnelAddress}/26`
const nicOf = ({links}: SimulatedNode) => links.find(({name, kind}) => name !== 'lo' && kind === undefined)
const hasLink = ({links}: SimulatedNode, name: string) => links.some(link => link.name === name)
const addressesOf = ({addresses}: SimulatedLink, family: 4 | 6) => addresses.filter(address => address.includes(':') === (family === 6))
const ownAddress = (node: SimulatedNode) => nicOf(node)?.addresses[0]?.split('/')[0]

/** Blocks that BGP brought, or Felix where it owns the routes. Of a peer that is down there is none; a reflector that is up brings all. */
function routesTo(node: SimulatedNode): BlockRoute[] {
  const up = node.bird?.sessions.filter(({bgpState}) => bgpState === 'Established') ?? []
  const peers = new Set(up.map(({peer}) => peer))
  const all = node.bird === undefined || up.some(({imported}) => imported > 1)
  const others = (node.neighbours ?? []).filter(({address}) => address !== ownAddress(node) && (all || peers.has(address)))
  return others.map(other => routeTo(node, other))
}

function routeTo(node: SimulatedNode, {address, tunnelAddress}: {readonly address: string; readonly tunnelAddress: string}): BlockRoute {
  const block = blockOf(tunnelAddress)
  for (const device of ['vxlan.calico', 'flannel.1']) if (hasLink(node, device)) return {block, via: tunnelAddress, device, protocol: '80'}
  if (hasLink(node, 'tunl0')) return {block, via: address, device: 'tunl0', protocol: 'bird'}
  return {block, via: address, device: nicOf(node)?.name ?? 'eth0', protocol: node.bird ? 'bird' : '80'}
}

const ownBlocks = (node: SimulatedNode) =>
  (node.neighbours ?? []).flatMap(({address, tunnelAddress}) => (address === ownAddress(node) ? [blockOf(tunnelAddress)] : []))

/** `ip route show table all` of one family. */
export function ipRoutes(node: SimulatedNode, family: 4 | 6): string {
  const connected = node.links.flatMap(link => addressesOf(link, family).flatMap(address => connectedRoutes(link.name, address)))
  if (family === 6) return lines(connected)
  const blocks = routesTo(node).map(({block, via, device, protocol}) => {
    return `${block} via ${via} dev ${device} proto ${protocol}${device === nicOf(node)?.name ? '' : ' onlink'} `
  })
  return lines([...ownBlocks(node).map(block => `blackhole ${block} proto ${node.bird ? 'bird' : '80'} `), ...blocks, ...connected])
}

function connectedRoutes(device: string, address: string): string[] {
  const [own = '', length] = address.split('/')
  const local = `local ${own} dev ${device} table local proto kernel ${own.includes(':') ? 'metric 0 pref medium' : `scope host src ${own} `}`
  if (own.includes(':')) return [...(own.startsWith('fe80') ? [`fe80::/64 dev ${device} proto kernel metric 256 pref medium`] : []), local]
  const net = `${own.split('.').slice(0, 3).join('.')}.0/24`
  return [...(length === '24' ? [`${net} dev ${device} proto kernel scope link src ${own} `] : []), local]
}

/** `show route` of BIRD 1.6: the destination is left out where it is the one before (nest/rt-table.c). */
export function birdRoutes(node: SimulatedNode, bird: SimulatedBird): string {
  const nic = nicOf(node)?.name ?? 'eth0'
  const time = bird.lastReboot.slice(11)
  const own = ownBlocks(node).map(block => `${block.padEnd(18)} blackhole [static1 ${time}] * (200)`)
  const learned = bird.sessions
    .filter(({bgpState}) => bgpState === 'Established')
    .flatMap(({name, peer, since}) =>
      (node.neighbours ?? []).flatMap(({address, tunnelAddress}) =>
        address === peer ? [`${blockOf(tunnelAddress).padEnd(18)} via ${peer} on ${nic} [${name} ${since}] * (100/0) [i]`] : [],
      ),
    )
  return bird === node.bird6 ? '' : lines([...own, ...learned])
}

/** `show interfaces` of BIRD 1.6 (nest/iface.c). */
export const birdInterfaces = ({links}: SimulatedNode): string =>
  lines(
    links.map(
      ({name, mtu, up = true}, index) =>
        `${name} ${up ? 'up' : 'down'} (index=${index + 1})\n\tMultiAccess Broadcast Multicast AdminUp ${up ? 'LinkUp' : 'LinkDown'} MTU=${mtu}`,
    ),
  )

/** `ip -s neigh show`: other nodes, as far as they are neighbours on the wire. */
export function ipNeighbours(node: SimulatedNode): string {
  const nic = nicOf(node)
  const net = nic?.addresses[0]?.split('.').slice(0, 3).join('.')
  const near = (node.neighbours ?? []).filter(({address}) => net !== undefined && address !== ownAddress(node) && address.startsWith(`${net}.`))
  return lines(near.map(({address}) => `${address} dev ${nic?.name} lladdr 52:54:00:${macTail(address)} used 12/10/8 probes 1 REACHABLE`))
}
const macTail = (address: string) =>
  address
    .split('.')
    .slice(1)
    .map(part => Number(part).toString(16).padStart(2, '0'))
    .join(':')

export const ipRules = (family: 4 | 6): string =>
  lines(['0:\tfrom all lookup local ', '32766:\tfrom all lookup main ', ...(family === 4 ? ['32767:\tfrom all lookup default '] : [])])

/** Blocks as eBPF has them (felix/bpf/routes). */
export const bpfRoutes = (node: SimulatedNode): string =>
  lines(routesTo(node).map(({block, via}) => `${block}: remote workload in-pool nat-out tunneled nh ${via}`))

const lines = (texts: readonly string[]) => texts.map(text => `${text}\n`).join('')
