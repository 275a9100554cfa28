import type {Blamed, GroupCause} from './bgp-blame.ts'
import type {Link} from './bgp-links.ts'

/** Links that one thing breaks. */
export interface LinkGroup {
  readonly cause: GroupCause
  readonly members: readonly Blamed[]
  /** The node, or address outside, that all of them share; undefined for trouble all over the place. */
  readonly centre: string | undefined
  /** Who calls: the others call the centre, the centre calls them, or both. */
  readonly direction: 'to' | 'from' | 'both'
  /** Nodes that have these sessions, without the centre. */
  readonly nodes: readonly string[]
}

/** More findings of one cause than so many are one finding: the trouble is the network's or the configuration's, not some nodes'. */
const mostCentres = 3

/** One group per cause and the node that most links of that cause share; one for all of them where no few nodes explain them. */
export function groupLinks(blamed: readonly Blamed[]): LinkGroup[] {
  const told = byCause(blamed.filter(one => !isWaiting(one))).flatMap(groupsOf)
  const centres = new Map(told.map(group => [group.centre, group]))
  const joining = Map.groupBy(blamed.filter(isWaiting), ({link}) => centres.get(link.peerNode))
  const joined = told.map(group => {
    const waiting = joining.get(group)
    return waiting ? groupAround(group.cause, [...group.members, ...waiting], group.centre) : group
  })
  return [...joined, ...groupsOf(joining.get(undefined) ?? [])]
}

/** Waits for a node that was not seen: what the callers of that node say explains it too. */
const isWaiting = ({cause, link}: Blamed) => cause === 'passive' && link.other === 'unseen' && link.peerNode !== undefined

const byCause = (blamed: readonly Blamed[]) => [...Map.groupBy(blamed, ({cause}) => cause).values()]

function groupsOf(members: readonly Blamed[]): LinkGroup[] {
  const groups: LinkGroup[] = []
  for (let left = members; left[0]; ) {
    const {cause} = left[0]
    if (groups.length === mostCentres) return [groupAround(cause, members, undefined)]
    const centre = mostShared(left)
    groups.push(groupAround(cause, left.filter(touches(centre)), centre))
    left = left.filter(member => !touches(centre)(member))
  }
  return groups
}

const callerOf = (link: Link) => link.ends[0].node
const calledOf = (link: Link) => link.peerNode ?? link.ends[0].peer
const touches =
  (centre: string) =>
  ({link}: Blamed) =>
    callerOf(link) === centre || calledOf(link) === centre

/** Most links first; of those with as many, the one that is called: it is what does not answer. */
function mostShared(members: readonly Blamed[]): string {
  const score = new Map<string, number>()
  const add = (name: string, points: number) => score.set(name, (score.get(name) ?? 0) + points)
  for (const {link} of members) {
    add(callerOf(link), 1)
    add(calledOf(link), 1 + 1 / (members.length + 1))
  }
  return [...score].reduce((best, next) => (next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best))[0]
}

function groupAround(cause: GroupCause, members: readonly Blamed[], centre: string | undefined): LinkGroup {
  const nodes = new Set(members.flatMap(({link}) => [callerOf(link), ...(link.peerNode === undefined ? [] : [link.peerNode])]))
  if (centre !== undefined) nodes.delete(centre)
  const called = members.filter(({link}) => calledOf(link) === centre).length
  const direction = called === members.length ? 'to' : called === 0 ? 'from' : 'both'
  return {cause, members, centre, direction, nodes: [...nodes].sort()}
}
