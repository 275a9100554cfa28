import type {FactTable} from '../engine/facts.ts'
import {lookAtNode, type NodeLook} from './node-sessions.ts'
import {daemonsDown, type NodeSessions, type NodeStatus, type NodeStatusOptions, type NotSeen} from './node-status-model.ts'
import {peerNames} from './peer-names.ts'

export * from './node-status-model.ts'

/** Concludes from the facts nodes, bgpSettings, birdV4/V6, birdDetailsV4/V6 and, when wide, birdWideV4/V6. */
export function nodeStatusOf(table: FactTable, options: NodeStatusOptions): NodeStatus {
  const peers = peerNames(table.nodes)
  const annotations = new Map(table.nodes?.known ? table.nodes.value.map(({name, calico}) => [name, calico]) : [])
  const looks = nodeNames(table).map(node => lookAtNode(node, {table, peers, annotations, ...options}))
  const nodes = looks.flatMap(({sessions}) => (sessions ? [sessions] : []))
  const without = looks.filter(look => look.withoutBgp).map(look => look.node)
  return {
    totals: totalsOf(looks, nodes),
    nodes: nodes.filter(node => !options.problemsOnly || problems(node) > 0).sort((a, b) => problems(b) - problems(a) || natural(a.node, b.node)),
    notSeen: [...wholeListNotSeen(table), ...looks.flatMap(look => look.notSeen).sort((a, b) => natural(a.node ?? '', b.node ?? ''))],
    withoutBgp: without.length > 0 ? {nodes: without.sort(natural), reason: backendText(table)} : null,
    problemsOnly: options.problemsOnly,
  }
}

function totalsOf(looks: readonly NodeLook[], nodes: readonly NodeSessions[]): NodeStatus['totals'] {
  const sum = (count: (node: NodeSessions) => number) => nodes.reduce((total, node) => total + count(node), 0)
  return {
    nodes: looks.length,
    seen: looks.filter(look => look.notSeen.length === 0).length,
    healthy: looks.filter(({sessions, notSeen}) => notSeen.length === 0 && sessions && problems(sessions) === 0).length,
    sessions: sum(node => node.sessions),
    established: sum(node => node.established),
    down: sum(node => node.down),
    daemonsDown: sum(node => daemonsDown(node).length),
  }
}

const problems = (node: NodeSessions) => (daemonsDown(node).length > 0 ? 1e6 : 0) + node.down

/** The engine fills every per-node fact with every wanted node. */
function nodeNames({birdV4, birdV6}: FactTable): string[] {
  const names = [birdV4, birdV6].flatMap(fact => (fact?.known ? Object.keys(fact.value) : []))
  return [...new Set(names)]
}

/** No list of nodes, or only a part of it: then nobody can say that every node is well. */
function wholeListNotSeen({birdV4}: FactTable): NotSeen[] {
  const all = {node: null, family: null}
  if (!birdV4) return [{...all, why: 'not-collected', detail: 'nobody asked'}]
  if (!birdV4.known) return [{...all, why: birdV4.why, detail: birdV4.detail}]
  return birdV4.partial === undefined ? [] : [{...all, why: 'failed', detail: `seen in part: ${birdV4.partial}`}]
}

function backendText({bgpSettings}: FactTable): string {
  return bgpSettings?.known ? `backend ${bgpSettings.value.backend} (${bgpSettings.value.backendSource})` : 'BGP is off'
}

/** worker-2 before worker-10. */
const natural = new Intl.Collator('en', {numeric: true}).compare
