import type {SimulatedLink} from './simulated-node.ts'

/** `ip -j -d addr`: one line of JSON, fields in iproute2's order (ip/ipaddress.c). */
export const ipAddr = (links: readonly SimulatedLink[]): string => `${JSON.stringify(links.map(ipLink))}\n`

/** Tunnels never leave UNKNOWN, and lo too. */
const stateless = ['ipip', 'vxlan', 'wireguard']

function ipLink(link: SimulatedLink, index: number): object {
  const {name, mtu, kind, mac, up = true, lower, master} = link
  const loopback = name === 'lo'
  return {
    ifindex: index + 1,
    ...(lower !== undefined && kind !== 'vxlan' && {link: lower}),
    ifname: name,
    flags: flagsOf(link, loopback, up),
    mtu,
    qdisc: loopback || kind !== undefined ? 'noqueue' : 'fq_codel',
    ...(master !== undefined && {master}),
    operstate: loopback || stateless.includes(kind ?? '') ? 'UNKNOWN' : up ? 'UP' : 'DOWN',
    group: 'default',
    txqlen: 1000,
    link_type: linkType(kind, loopback),
    ...(kind === 'ipip'
      ? {address: '0.0.0.0', broadcast: '0.0.0.0'}
      : {address: mac ?? '00:00:00:00:00:00', broadcast: loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff'}),
    ...(kind === 'veth' && {link_netnsid: 0}),
    promiscuity: 0,
    allmulti: 0,
    min_mtu: 68,
    max_mtu: 65535,
    ...(kind && {linkinfo: linkInfo(link)}),
    inet6_addr_gen_mode: 'eui64',
    num_tx_queues: 1,
    num_rx_queues: 1,
    gso_max_size: 65536,
    gso_max_segs: 65535,
    addr_info: addressesOf(link, loopback),
  }
}

function flagsOf({kind}: SimulatedLink, loopback: boolean, up: boolean): string[] {
  const running = up ? ['UP', 'LOWER_UP'] : []
  if (loopback) return ['LOOPBACK', ...running]
  if (kind === 'ipip') return ['NOARP', ...running]
  if (kind === 'wireguard') return ['POINTOPOINT', 'NOARP', ...running]
  return ['BROADCAST', 'MULTICAST', ...running]
}

const linkType = (kind: SimulatedLink['kind'], loopback: boolean) =>
  loopback ? 'loopback' : kind === 'ipip' ? 'ipip' : kind === 'wireguard' ? 'none' : 'ether'

function linkInfo({kind, vxlan, lower}: SimulatedLink): object {
  if (kind === 'ipip') return {info_kind: kind, info_data: {proto: 'ipip', remote: 'any', local: 'any', ttl: 0, pmtudisc: false}}
  if (!vxlan) return {info_kind: kind}
  const {id, port, local} = vxlan
  return {
    info_kind: kind,
    info_data: {
      id,
      local,
      ...(lower !== undefined && {link: lower}),
      port_range: {low: 0, high: 0},
      port,
      learning: false,
      ttl: 0,
      ageing: 300,
      udp_csum: true,
    },
  }
}

const addressesOf = ({name, addresses}: SimulatedLink, loopback: boolean) =>
  addresses.map(address => {
    const [local = '', prefix = ''] = address.split('/')
    const v6 = local.includes(':')
    const scope = loopback ? 'host' : local.startsWith('fe80:') ? 'link' : 'global'
    const lifetimes = {valid_life_time: 4294967295, preferred_life_time: 4294967295}
    return {family: v6 ? 'inet6' : 'inet', local, prefixlen: Number(prefix), scope, ...(!v6 && {label: name}), ...lifetimes}
  })
