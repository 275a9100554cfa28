import type {BgpSession} from './bgp-session.ts'
import {keep} from './keep.ts'

type Named = Pick<BgpSession, 'family' | 'type' | 'peer' | 'port'>

/** `<prefix>_<address with . and : turned to _>[_port_<n>]` (confd/pkg/backends/calico/bgp_processor.go); Local_Workload since v3.30. */
const calicos = /^(Mesh|Global|Node|Local_Workload)_([0-9A-Fa-f_]+?)(?:_port_(\d{1,5}))?$/
const types = {Mesh: 'mesh', Global: 'global', Node: 'node', Local_Workload: 'local-workload'} as const
const isPrefix = (word: string): word is keyof typeof types => Object.hasOwn(types, word)

/** What Calico's name of a BGP protocol says. From BIRD 2 on one daemon has peers of both families: the address decides, and `family` only where there is none. */
export function nameOf(name: string, family: 4 | 6): Named {
  const [, prefix = '', underscored = '', port] = calicos.exec(name.slice(0, 128)) ?? []
  const address = isPrefix(prefix) ? addressOf(underscored) : undefined
  if (!isPrefix(prefix) || !address) return {family, type: 'other', peer: ''}
  return {family: address.includes(':') ? 6 : 4, type: types[prefix], peer: keep(address), ...(port !== undefined && {port: Number(port)})}
}

function addressOf(underscored: string): string | undefined {
  if (/^\d{1,3}(?:_\d{1,3}){3}$/.test(underscored)) return underscored.replaceAll('_', '.')
  const address = underscored.replaceAll('_', ':')
  return isIpv6(address) ? address : undefined
}

/** Eight groups, or fewer with one `::`. Good enough for names that confd made from addresses. */
function isIpv6(address: string): boolean {
  const halves = address.split('::')
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')))
  return halves.length <= 2 && groups.every(group => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (halves.length === 2 ? groups.length < 8 : groups.length === 8)
}
