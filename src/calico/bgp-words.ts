import type {Fix} from '../engine/check.ts'
import type {GroupCause} from './bgp-blame.ts'
import type {LinkGroup} from './bgp-groups.ts'
import {nodeList} from './node-list.ts'

/** What a finding about sessions that are down says; JSON values only. */
export interface DownArgs {
  readonly cause: GroupCause
  /** `worker-7 (10.0.0.7)`; null for trouble all over the place. */
  readonly centre: string | null
  readonly direction: LinkGroup['direction']
  readonly nodes: readonly string[]
  readonly sessions: number
  readonly families: readonly (4 | 6)[]
  readonly port: number
  /** What an end said; ends a sentence. */
  readonly words: string
  /** A node to look at afterwards. */
  readonly look: string
  readonly fix: readonly Fix[]
}

export function downText(args: DownArgs): string {
  if (args.cause === 'self') return selfText(args)
  return `${lead(args)}: ${reason(args)}.`
}

const selfText = ({centre, look, nodes}: DownArgs) =>
  centre === null ? `${several(nodes)} are told to peer with themselves.` : `${look} is told to peer with itself: a BGPPeer leads to its own address.`

function lead({centre, direction, nodes, sessions, families}: DownArgs): string {
  const who = several(nodes)
  const session = `${familiesText(families)}BGP session`
  if (centre === null) return `${sessions} ${session}s of ${several(nodes)} are down`
  if (nodes.length === 0) return `${centre} gets no ${session}`
  if (direction === 'to') return `${who} ${nodes.length === 1 ? 'gets' : 'get'} no ${session} to ${centre}`
  return `${centre} gets no ${session} ${direction === 'from' ? 'to' : 'with'} ${who}`
}

/** `a`, `a and b`, `11 nodes (a, b, c, … +8)`: the subject of a sentence. */
export function several(nodes: readonly string[]): string {
  if (nodes.length > 3) return `${nodes.length} nodes (${nodeList(nodes).replace(/^\d+ nodes: /, '')})`
  return [nodes.slice(0, -1).join(', '), nodes.at(-1) ?? ''].filter(Boolean).join(' and ')
}

const familiesText = (families: readonly (4 | 6)[]) => (families.length > 1 ? 'IPv4 and IPv6 ' : families[0] === 6 ? 'IPv6 ' : '')

function reason({cause, direction, centre, nodes, port, words}: DownArgs): string {
  const one = centre !== null && (direction === 'to' || (direction === 'from' && nodes.length === 1))
  const many = centre !== null && direction === 'from' && nodes.length > 1
  if (cause === 'refused') return one ? `it refuses TCP ${port}` : many ? `they refuse TCP ${port}` : `TCP ${port} is refused`
  if (cause === 'filtered') return one ? `it does not answer on TCP ${port}` : many ? `none of them answers on TCP ${port}` : `TCP ${port} goes unanswered`
  return words
}
