import type {Link} from '../../calico/link.ts'
import {type Collected, known, unknown} from '../../engine/collected.ts'
import {defineProbe} from '../../engine/collector.ts'

/** What `ip -j -d addr` prints of one interface, as far as it is read; any field may be missing. */
interface IpLink {
  readonly ifname?: unknown
  readonly mtu?: unknown
  readonly flags?: unknown
  readonly operstate?: unknown
  readonly address?: unknown
  readonly link?: unknown
  readonly master?: unknown
  readonly linkinfo?: {readonly info_kind?: unknown; readonly info_data?: Readonly<Record<string, unknown>> | null} | null
  readonly addr_info?: unknown
}

export default defineProbe({
  source: 'node/links',
  probe: {tries: [['ip', '-j', '-d', 'addr']]},
  facts: {links: ({stdout}) => readLinks(stdout)},
})

/** Interfaces out of iproute2's JSON. Text that is no such list is `failed`; a list with unreadable entries is partial. Never throws. */
export function readLinks(json: string): Collected<readonly Link[]> {
  const items = parsed(json)
  if (!Array.isArray(items)) return unknown('failed', 'ip -j -d addr did not print a JSON list')
  // iproute2 before 5.0 leaves `{}` where a filter dropped an interface.
  const present = items.filter(item => !isEmpty(item))
  const links = present.flatMap(item => readLink(item) ?? [])
  if (links.length === 0) return unknown('failed', 'ip -j -d addr printed no interface, and every node has lo')
  return links.length === present.length ? known(links) : known(links, `${present.length - links.length} interfaces could not be read`)
}

function readLink(item: IpLink | null): Link | undefined {
  const name = text(item?.ifname)
  const mtu = number(item?.mtu)
  if (!item || name === undefined || mtu === undefined) return undefined
  const kind = text(item.linkinfo?.info_kind)
  const data = item.linkinfo?.info_data ?? {}
  const vxlan = kind === 'vxlan' ? vxlanOf(data) : undefined
  return {
    name,
    mtu,
    up: list(item.flags).includes('UP'),
    operState: text(item.operstate) ?? 'UNKNOWN',
    ...given({kind, mac: text(item.address), lower: lowerOf(kind, item, data), master: text(item.master), vxlan}),
    addresses: list(item.addr_info).flatMap(addressOf),
  }
}

/** A veth's `link` is its other end, not something below it. */
function lowerOf(kind: string | undefined, {link}: IpLink, data: Readonly<Record<string, unknown>>): string | undefined {
  if (kind === 'veth') return undefined
  return text(kind === 'vxlan' ? data.link : link)
}

function vxlanOf(data: Readonly<Record<string, unknown>>): Link['vxlan'] {
  const id = number(data.id)
  if (id === undefined) return undefined
  return {id, ...given({port: number(data.port), local: text(data.local) ?? text(data.local6)})}
}

function addressOf(item: {readonly local?: unknown; readonly prefixlen?: unknown} | null): string[] {
  const [local, prefix] = [text(item?.local), number(item?.prefixlen)]
  return local === undefined || prefix === undefined ? [] : [`${local}/${prefix}`]
}

const isEmpty = (item: unknown) => typeof item === 'object' && item !== null && !Array.isArray(item) && Object.keys(item).length === 0
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const number = (value: unknown) => (typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined)
const list = (value: unknown): readonly any[] => (Array.isArray(value) ? value : [])

/** Without the fields that are not there. */
function given<T extends object>(fields: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
