import {countsOf, daemonSetHealth} from '../../calico/daemon-set-health.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {CalicoPod, Workload} from '../../calico/kubernetes.ts'
import {nodeList} from '../../calico/node-list.ts'
import {shellWord} from '../../calico/owners/commands.ts'
import {absentPodFixes, podFixes} from '../../calico/pod-fix.ts'
import {type Trouble, troubleLine} from '../../calico/pod-trouble.ts'
import {otherDaemonSets, primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {defineCheck, type Fix, type Message, type Subject, undecided} from '../../engine/check.ts'
import {known, unknown} from '../../engine/collected.ts'
import {exampleNode, manifestInstall} from '../example-cluster.ts'
import {exampleCalicoPod, exampleHomelessPod, exampleWorkload, exampleUnreadyPod as pod} from '../example-workloads.ts'

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

/** Of an example: the container runs, and the pod is not ready. */
const running = {state: 'running'} as const
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
    if (nodes.known && nodes.partial !== undefined) yield undecided(`which nodes still report was seen in part: ${nodes.partial}`)
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
  examples: {
    'all ready': {given: given(exampleCalicoPod('a'), exampleCalicoPod('b')), finds: []},
    'a pod that is half a minute old is starting': {given: given(exampleCalicoPod('a'), pod('b', {age: 30, readyChangedFor: 30}, running)), finds: []},
    'a rollout: one pod ends, the next begins': {
      given: {
        ...given(
          exampleCalicoPod('a'),
          exampleCalicoPod('b', {terminating: true, ready: false}),
          pod('b', {name: 'calico-node-new', age: 2}, {reason: 'PodInitializing'}),
        ),
        calicoDaemonSets: [daemonSet({desired: 2, ready: 1, updated: 1})],
      },
      finds: [],
    },
    'an image that nobody has': {
      given: given(
        exampleCalicoPod('a'),
        pod('b', {}, {name: 'install-cni', init: true, reason: 'ImagePullBackOff', message: 'Back-off pulling image "docker.io/calico/cni:v3.29.99"'}),
      ),
      finds: ['image Node/b'],
    },
    'a bad image in a rollout is said though the rollout is under way': {
      given: {
        ...given(exampleCalicoPod('a'), pod('b', {age: 20}, {reason: 'ErrImagePull'})),
        calicoDaemonSets: [daemonSet({desired: 2, ready: 1, updated: 1})],
      },
      finds: ['image Node/b'],
    },
    'one cause on many nodes is one finding': {
      given: given(...['a', 'b', 'c'].map(node => pod(node, {}, {reason: 'CreateContainerConfigError', message: 'configmap "calico-config" not found'}))),
      finds: ['config Node/a Node/b Node/c'],
    },
    'a mount that never comes': {given: given(exampleCalicoPod('a'), pod('b', {age: 900}, {reason: 'ContainerCreating'})), finds: ['creating Node/b']},
    'install-cni fails': {
      given: given(
        pod('a', {}, {name: 'install-cni', init: true, reason: 'CrashLoopBackOff', restarts: 5, last: {reason: 'Error', exitCode: 1, message: 'unauthorized'}}),
      ),
      finds: ['init Node/a'],
    },
    'Felix panics': {
      given: given(pod('a', {}, {reason: 'CrashLoopBackOff', restarts: 12, last: {reason: 'Error', exitCode: 2, message: 'panic: nil'}})),
      finds: ['crash Node/a'],
    },
    'between two crashes it runs for a moment': {
      given: given(pod('a', {readyChangedFor: 5}, {...running, restarts: 40, last: {reason: 'Error', exitCode: 1}})),
      finds: ['crash Node/a'],
    },
    'the liveness probe ends it': {
      given: given(pod('a', {}, {reason: 'CrashLoopBackOff', restarts: 41, last: {reason: 'Error', exitCode: 143}})),
      finds: ['killed Node/a'],
    },
    'too little memory': {
      given: given(pod('a', {}, {reason: 'CrashLoopBackOff', restarts: 9, last: {reason: 'OOMKilled', exitCode: 137}})),
      finds: ['oom Node/a'],
    },
    'no room for it': {
      given: given(exampleCalicoPod('a'), exampleHomelessPod({reason: 'Unschedulable', message: '0/2 nodes are available: 1 Insufficient cpu.'})),
      finds: ['unschedulable DaemonSet/calico-node'],
    },
    'put out by the node': {
      given: given(exampleCalicoPod('a'), exampleCalicoPod('b', {phase: 'Failed', ready: false, reason: 'Evicted', containers: []})),
      finds: ['evicted Node/b'],
    },
    'put out, and back again': {
      given: {
        ...given(exampleCalicoPod('a'), exampleCalicoPod('a', {name: 'calico-node-old', phase: 'Failed', ready: false, reason: 'Evicted', containers: []})),
        calicoDaemonSets: [daemonSet({desired: 1, ready: 1, updated: 1})],
      },
      finds: [],
    },
    'the probe says no for long': {given: given(exampleCalicoPod('a'), pod('b', {readyChangedFor: 700}, running)), finds: ['notReady Node/b']},
    'the node is down': {
      given: {
        ...given(exampleCalicoPod('a'), pod('b', {readyChangedFor: 700}, running)),
        nodes: known([exampleNode('a', 1), exampleNode('b', 2, {ready: 'Unknown'})]),
      },
      finds: ['nodeDown Node/b'],
    },
    'the kubelet is silent, and its pod was ready when last heard of': {
      given: {
        ...given(exampleCalicoPod('a'), exampleCalicoPod('b')),
        nodes: known([exampleNode('a', 1), exampleNode('b', 2, {ready: 'Unknown'})]),
      },
      finds: ['nodeDown Node/b'],
    },
    'pods that were never made': {
      given: {...given(exampleCalicoPod('a')), calicoDaemonSets: [daemonSet({desired: 3, ready: 1, updated: 3})]},
      finds: ['absent DaemonSet/calico-node'],
    },
    'no Calico at all': {given: {...given(), calicoDaemonSets: []}, finds: []},
    'Windows has its own': {
      given: {
        ...given(exampleCalicoPod('a')),
        calicoDaemonSets: [daemonSet({desired: 1, ready: 1}), exampleWorkload('DaemonSet', 'calico-node-windows', {desired: 2, ready: 0})],
      },
      finds: [],
    },
    'who installed it was not seen': {
      given: {...given(pod('a', {}, {reason: 'ErrImagePull'})), install: unknown('forbidden', '403'), nodes: unknown('forbidden', '403')},
      finds: ['image Node/a'],
    },
  },
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

function daemonSet(more: Partial<Workload>) {
  return exampleWorkload('DaemonSet', 'calico-node', more)
}
function given(...pods: readonly CalicoPod[]) {
  const one = daemonSet({desired: pods.length, ready: pods.filter(({ready}) => ready).length, updated: pods.length})
  const nodes = known([exampleNode('a', 1), exampleNode('b', 2), exampleNode('c', 3)])
  return {calicoDaemonSets: [one], calicoPods: pods, nodes, install: manifestInstall}
}
