import {countsOf, daemonSetHealth} from '../../calico/daemon-set-health.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {Workload} from '../../calico/kubernetes.ts'
import {nodeList} from '../../calico/node-list.ts'
import {shellWord} from '../../calico/owners/commands.ts'
import {absentPodFixes, podFixes} from '../../calico/pod-fix.ts'
import {type Trouble, troubleLine} from '../../calico/pod-trouble.ts'
import {otherDaemonSets, primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {defineCheck, type Fix, type Message, type Subject, undecided} from '../../engine/check.ts'
import {nodePodsExamples} from '../node-pods-examples.ts'

interface Args {
  readonly namespace: string
  readonly daemonSet: string
  readonly pods: number
  /** Empty while the pods are on no node. */
  readonly nodes: readonly string[]
  readonly container: string
  readonly detail: string
  readonly fix: readonly Fix[]
}
interface AbsentArgs extends Pick<Args, 'namespace' | 'daemonSet' | 'fix'> {
  readonly absent: number
  readonly desired: number
}

const where = ({nodes, pods}: Args) => (nodes.length > 0 ? nodeList(nodes) : `${pods} ${pods === 1 ? 'node' : 'nodes'}`)
const short = ({detail}: Args) => detail.slice(0, 140)
const verify = ({namespace, daemonSet}: Pick<Args, 'namespace' | 'daemonSet'>) => ({
  text: 'All pods of the DaemonSet are ready.',
  command: `kubectl -n ${shellWord(namespace)} rollout status daemonset/${shellWord(daemonSet)} --timeout=2m`,
})
const message = (text: (args: Args) => string, severity: Message<Args>['severity'] = 'error'): Message<Args> => ({severity, text, fix: ({fix}) => fix, verify})

export default defineCheck({
  id: 'install/node-pods',
  title: 'calico-node is ready on every node that should run it',
  failureTitle: 'calico-node is not ready everywhere',
  why:
    'calico-node programs routes, tunnels and policies of its node. Where it does not run, pods keep what they had and new ones get no network; policies grow old, and with BGP the ' +
    'routes to that node are withdrawn after a while.',
  needs: ['calicoDaemonSets', 'calicoPods'],
  uses: ['nodes', 'install'],
  messages: {
    image: message(args => `An image cannot be had on ${where(args)}: container ${args.container}, ${short(args)}. calico-node does not start there.`),
    config: message(args => `Container ${args.container} cannot be made on ${where(args)}: ${short(args)}.`),
    creating: message(args => `The pod of calico-node does not get started on ${where(args)}: container ${args.container}, ${short(args)}.`),
    init: message(args => `Start-up of calico-node fails on ${where(args)}: init container ${args.container}, ${short(args)}.`),
    crash: message(args => `Container ${args.container} of calico-node keeps ending on ${where(args)}: ${short(args)}.`),
    killed: message(
      args =>
        `Container ${args.container} is ended from outside again and again on ${where(args)}, mostly by the kubelet because its liveness probe fails: ${short(args)}.`,
    ),
    oom: message(args => `Container ${args.container} of calico-node is killed for lack of memory on ${where(args)}: ${short(args)}.`),
    unschedulable: message(args => `${args.pods} pods of calico-node find no node to run on: ${short(args)}.`),
    evicted: message(args => `calico-node was put out of ${where(args)}: ${short(args)}. No other pod has taken its place.`),
    notReady: message(args => `calico-node runs on ${where(args)} and does not become ready: ${short(args)}.`),
    nodeDown: message(args => `calico-node is not ready on ${where(args)} because the node itself is not: its kubelet does not report.`, 'warning'),
    absent: {
      severity: 'error',
      text: ({absent, desired}: AbsentArgs) => `${absent} of ${desired} nodes that should run calico-node have no pod of it: the DaemonSet cannot make them.`,
      fix: ({fix}: AbsentArgs) => fix,
      verify,
      absentFrom: ['calicoPods'],
    },
  },
  docs: [
    'https://docs.tigera.io/calico/latest/operations/troubleshoot/troubleshooting',
    'https://docs.tigera.io/calico/latest/operations/troubleshoot/component-logs',
  ],
  notApplicable: ({calicoDaemonSets}) => (calicoDaemonSets.length === 0 ? 'no DaemonSet runs calico-node' : undefined),
  *run({calicoDaemonSets, calicoPods, nodes, install}, report) {
    const byName = new Map((nodes.known ? nodes.value : []).map(node => [node.name, node]))
    const primary = primaryDaemonSet(calicoDaemonSets)
    if (primary?.desired === 0) yield undecided(`DaemonSet ${primary.namespace}/${primary.name} is meant for no node at all`)
    if (!nodes.known) yield undecided(`whether the nodes still report was not seen (${nodes.why}), and of a silent one even a ready pod is old`)
    else if (nodes.partial !== undefined) yield undecided(`which nodes still report was seen in part: ${nodes.partial}`)
    for (const daemonSet of [...(primary ? [primary] : []), ...otherDaemonSets(calicoDaemonSets)]) {
      const health = daemonSetHealth(daemonSet, calicoPods, byName)
      for (const group of health.groups)
        yield report[group[0].kind]({...argsOf(group, daemonSet), fix: podFixes(group[0], daemonSet, install)}, placeOf(group, daemonSet))
      if (health.absent > 0)
        yield report.absent(
          {...namesOf(daemonSet), absent: health.absent, desired: daemonSet.desired, fix: absentPodFixes(daemonSet)},
          {subjects: [subjectOf(daemonSet)], evidence: [countsOf(daemonSet)]},
        )
      for (const reason of health.unsure) yield undecided(reason)
    }
  },
  examples: nodePodsExamples,
})

const nodesOf = (group: readonly Trouble[]) => [...new Set(group.flatMap(({pod}) => pod.node ?? []))].sort()
const namesOf = ({namespace, name}: Workload) => ({namespace, daemonSet: name})

function argsOf(group: readonly [Trouble, ...Trouble[]], daemonSet: Workload): Omit<Args, 'fix'> {
  return {...namesOf(daemonSet), pods: group.length, nodes: nodesOf(group), container: group[0].container?.name ?? 'calico-node', detail: group[0].detail}
}

function placeOf(group: readonly Trouble[], daemonSet: Workload) {
  const nodes = nodesOf(group).map((name): Subject => ({kind: 'Node', name}))
  return {subjects: nodes.length > 0 ? nodes : [subjectOf(daemonSet)], evidence: firstLines(group.map(troubleLine))}
}

const subjectOf = ({namespace, name}: Workload): Subject => ({kind: 'DaemonSet', name, namespace})
