/** What `ip -j -d addr` would have printed of an interface, as far as its text tells. */
interface IpLink {
  ifname: string
  mtu: number
  flags: string[]
  operstate: string
  address?: string
  link?: string
  master?: string
  linkinfo?: {info_kind: string; info_data?: Record<string, string | number>}
  addr_info: {local: string; prefixlen: number}[]
}
export interface IpText {
  readonly links: readonly IpLink[]
  /** `ip -d`: kinds of interfaces are in it. */
  readonly detailed: boolean
}

const head = /^\d{1,9}: ([^\s:@]{1,64})(?:@([^\s:]{1,64}))?: <([A-Z0-9_,-]{0,300})> mtu (\d{1,9})(.{0,500})/
const inet = /^\s+inet6? ([0-9a-fA-F.:]{2,45})(?: peer [0-9a-fA-F.:]{2,45})?(?:\/(\d{1,3}))?(?:\s|$)/
const kinds = /^\s+(veth|vxlan|ipip|wireguard|bridge|bond|vlan|dummy|tun|macvlan|ipvlan|geneve|gre)(?:\s|$)/
const address = /^\s+link\/(\S{1,30}) (\S{1,64})/

/** Interfaces out of the text of `ip addr` or `ip link`, with or without `-d`. Never throws; linear in the text. */
export function readIpText(text: string): IpText {
  const links: IpLink[] = []
  let detailed = false
  for (const line of text.split('\n')) {
    const found = head.exec(line)
    const link = links.at(-1)
    if (found) links.push(linkOf(found))
    else if (link) detailed = addLine(link, line) || detailed
  }
  return {links, detailed}
}

function linkOf([, ifname = '', other, flags = '', mtu, rest = '']: readonly string[]): IpLink {
  const master = / master (\S{1,64})/.exec(rest)?.[1]
  const kind = kindByName(ifname, other, flags.split(','))
  return {
    ifname,
    mtu: Number(mtu),
    flags: flags.split(','),
    operstate: / state ([A-Z]{1,20})/.exec(rest)?.[1] ?? 'UNKNOWN',
    ...(other !== undefined && !/^(?:if\d+|NONE)$/.test(other) && {link: other}),
    ...(master !== undefined && {master}),
    ...(kind !== undefined && {linkinfo: {info_kind: kind}}),
    addr_info: [],
  }
}

/** Without `-d` only names tell: Calico's own, what `@if7` means, and the usual names of bridges. */
function kindByName(name: string, other: string | undefined, flags: readonly string[]): string | undefined {
  if (name.startsWith('vxlan')) return 'vxlan'
  if (/^(?:wireguard\.cali|wg-v6\.cali|wg\d)/.test(name)) return 'wireguard'
  if (name.startsWith('cali') || /^if\d+$/.test(other ?? '')) return 'veth'
  if (/^(?:docker\d|br-|virbr|lxcbr|cni\d|cbr\d)/.test(name)) return 'bridge'
  if (/^(?:nodelocaldns|kube-ipvs|dummy)/.test(name)) return 'dummy'
  if (flags.includes('MASTER')) return 'bond'
  return other === undefined || other === 'NONE' ? undefined : 'vlan'
}

/** Whether it is a line that only `-d` prints. */
function addLine(link: IpLink, line: string): boolean {
  const [, type, mac] = address.exec(line) ?? []
  if (type !== undefined && mac !== undefined) {
    link.address = mac
    if (type === 'ipip') link.linkinfo = {info_kind: 'ipip'}
    return line.includes(' promiscuity ')
  }
  const [, local, prefix] = inet.exec(line) ?? []
  if (local !== undefined) link.addr_info.push({local, prefixlen: Number(prefix ?? (local.includes(':') ? 128 : 32))})
  const kind = kinds.exec(line)?.[1]
  if (kind !== undefined) link.linkinfo = {info_kind: kind, ...(kind === 'vxlan' && {info_data: vxlanData(line)})}
  return kind !== undefined
}

function vxlanData(line: string): Record<string, string | number> {
  const word = (name: string) => new RegExp(` ${name} (\\S{1,64})`).exec(line)?.[1]
  const [id, port, local, dev] = [word('id'), word('dstport'), word('local'), word('dev')]
  return {
    ...(id !== undefined && {id: Number(id)}),
    ...(port !== undefined && {port: Number(port)}),
    ...(local !== undefined && {local}),
    ...(dev !== undefined && {link: dev}),
  }
}

/** Two looks at the same interfaces as one: what one tells of kinds and the other of addresses. */
export function mergeIpTexts(texts: readonly IpText[]): IpText {
  const links = new Map<string, IpLink>()
  for (const {links: some, detailed} of texts)
    for (const link of some) {
      const before = links.get(link.ifname)
      const linkinfo = detailed ? (link.linkinfo ?? before?.linkinfo) : (before?.linkinfo ?? link.linkinfo)
      links.set(link.ifname, {...before, ...link, ...(linkinfo && {linkinfo}), addr_info: [...(before?.addr_info ?? []), ...link.addr_info]})
    }
  return {links: [...links.values()], detailed: texts.some(({detailed}) => detailed)}
}
