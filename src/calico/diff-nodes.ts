import type {FactTable} from '../engine/facts.ts'
import type {Change, Compared} from './diff-model.ts'
import {alike, both, comparePerNode, type Fields, fieldChanges, joined, natural, type Presence} from './diff-values.ts'
import type {CalicoPod, KubeNode} from './kubernetes.ts'
import type {Link} from './link.ts'
import {runsFelix} from './runs-felix.ts'

/** Nodes that came and went, and what changed on those that stayed. */
export function diffNodes(a: FactTable, b: FactTable, present: Presence): Compared<Change> {
  return joined(
    compareNodes(a, b),
    comparePerNode('MTU for pods', [a.mtuFile, b.mtuFile], mtu => new Map([['MTU for pods (/var/lib/calico/mtu)', String(mtu)]]), present),
    comparePerNode('interfaces', [a.links, b.links], linkFields, present),
  )
}

function compareNodes(a: FactTable, b: FactTable): Compared<Change> {
  const {changes, notComparable} = both('nodes', a.nodes, b.nodes)
  return {notComparable, changes: alike(changes.flatMap(({a: one = [], b: other = [], ...parts}) => nodeChanges(byName(one), byName(other), parts)))}
}

function nodeChanges(a: Map<string, KubeNode>, b: Map<string, KubeNode>, parts: {partOfA: boolean; partOfB: boolean}): Change[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort(natural)
  return names.flatMap(name => {
    const [one, other] = [a.get(name), b.get(name)]
    if (!one) return parts.partOfA ? [] : [{what: 'node', before: null, after: 'there', nodes: [name]}]
    if (!other) return parts.partOfB ? [] : [{what: 'node', before: 'there', after: null, nodes: [name]}]
    const changed = fieldChanges(nodeFields(one), nodeFields(other), {partOfA: false, partOfB: false})
    return changed.map(({field, ...values}) => ({what: field, ...values, nodes: [name]}))
  })
}

const byName = (nodes: readonly KubeNode[]) => new Map(nodes.map(node => [node.name, node]))

function nodeFields(node: KubeNode): Fields {
  const {calico, labels, taints} = node
  const fields: [string, string | undefined][] = [
    ['ready', node.ready],
    ['schedulable', node.unschedulable ? 'no (cordoned)' : 'yes'],
    ['address', list(node.internalIps)],
    ['external address', list(node.externalIps)],
    ['pod CIDRs', list(node.podCidrs)],
    ['kernel', node.kernelVersion],
    ['OS image', node.osImage],
    ['kubelet', node.kubeletVersion],
    ['container runtime', node.containerRuntime],
    ['taints', list(taints.map(({key, value, effect}) => `${key}${value === undefined ? '' : `=${value}`}:${effect}`).sort())],
    ...Object.entries({...calico}).map(([key, value]): [string, string | undefined] => [`Calico's ${key}`, value]),
    ...Object.entries(labels).map(([key, value]): [string, string] => [`label ${key}`, value === '' ? "''" : value]),
  ]
  return new Map(fields.filter((field): field is [string, string] => field[1] !== undefined && field[1] !== ''))
}
const list = (items: readonly string[]) => items.join(', ')

/** Not those of pods: they come and go. */
function linkFields(links: readonly Link[]): Fields {
  const own = links.filter(({name, kind}) => kind !== 'veth' && !name.startsWith('cali'))
  return new Map(own.flatMap(({name, mtu, up}): [string, string][] => [[`interface ${name}`, `MTU ${mtu}${up ? '' : ', down'}`]]))
}

/** The image of calico-node where it runs: an update in progress is on some nodes only. */
export function diffImages(a: FactTable, b: FactTable, present: Presence): Compared<Change> {
  const {changes, notComparable} = both('images of Calico’s pods', a.calicoPods, b.calicoPods)
  const changed = changes.flatMap(({a: one = [], b: other = [], ...parts}) => {
    const [before, after] = [imagesOf(one), imagesOf(other)]
    const nodes = [...new Set([...before.keys(), ...after.keys()])].filter(node => present(node, 'A') && present(node, 'B')).sort(natural)
    return nodes.flatMap(node =>
      fieldChanges(before.get(node) ?? none, after.get(node) ?? none, parts).map(({field, ...values}) => ({what: field, ...values, nodes: [node]})),
    )
  })
  return {changes: alike(changed), notComparable}
}

const none: Fields = new Map()
function imagesOf(pods: readonly CalicoPod[]): Map<string, Fields> {
  const byNode = Map.groupBy(pods.filter(isOfNode), ({node}) => node)
  return new Map([...byNode].map(([node, members]) => [node, new Map(members.flatMap(({containers}) => containers).flatMap(imageOf))]))
}
const isOfNode = (pod: CalicoPod): pod is CalicoPod & {node: string} => pod.node !== undefined && runsFelix(pod)
const imageOf = ({name, image, init}: CalicoPod['containers'][number]): [string, string][] => (init ? [] : [[`image of ${name}`, image]])
