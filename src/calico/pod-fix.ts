import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import type {Flavour, Install} from './cluster.ts'
import type {Workload} from './kubernetes.ts'
import {howToSet} from './owner.ts'
import {shellArgument, shellWord} from './owners/commands.ts'
import type {Trouble, TroubleKind} from './pod-trouble.ts'

/** What to do about a cause; the pod is the first of those that have it. */
export function podFixes(trouble: Trouble, daemonSet: Workload, install: Collected<Install>): Fix[] {
  const {pod, container} = trouble
  const kubectl = `kubectl -n ${shellWord(pod.namespace)}`
  const name = shellWord(pod.name)
  const inContainer = `-c ${shellWord(container?.name ?? 'calico-node')}`
  return steps[trouble.kind]({
    container: container?.name,
    daemonSet,
    install,
    describe: `${kubectl} describe pod ${name}`,
    describeNode: `kubectl describe node ${shellWord(pod.node ?? '<node>')}`,
    logs: `${kubectl} logs ${name} ${inContainer} --tail=50`,
    exec: `${kubectl} exec ${name} ${inContainer} --`,
  })
}

/** What the steps are made of: names, and commands that are ready to paste. */
interface Given {
  readonly container: string | undefined
  readonly daemonSet: Workload
  readonly install: Collected<Install>
  readonly describe: string
  readonly describeNode: string
  readonly logs: string
  readonly exec: string
}
const steps: Readonly<Record<TroubleKind, (given: Given) => Fix[]>> = {
  image: ({describe, install}) => [
    {text: 'See what the registry answered: name, rate limit, credentials, architecture.', command: describe},
    {text: imageKnob(install)},
  ],
  config: ({describe}) => [
    {
      text: 'The message names what is missing or refused: a ConfigMap, a Secret, a key, a mount. Put it there, or take the reference away.',
      command: describe,
    },
  ],
  creating: ({describe}) => [{text: 'The events say what it waits for: a mount, a Secret, the sandbox of the container runtime.', command: describe}],
  init: ({logs}) => [{text: 'Read what the init container says; until it ends well calico-node is not started.', command: logs}],
  crash: ({logs}) => [{text: 'Read the end of the log before the crash.', command: `${logs} --previous`}],
  killed: ({describe, logs}) => [
    {text: 'Its events say which probe failed and what it answered, or who else ended it.', command: describe},
    {text: 'Its log says what it waited for before: Typha, the API server, BIRD.', command: `${logs} --previous`},
  ],
  oom: memoryFixes,
  unschedulable: ({describe}) => [{text: 'The scheduler names what is in the way: taints, resources of the node, host ports.', command: describe}],
  evicted: ({describeNode}) => [
    {text: 'The node put it out, mostly for lack of disk or memory. Free these; the DaemonSet makes a new pod by itself.', command: describeNode},
  ],
  nodeDown: ({describeNode}) => [{text: 'Mend the node: its kubelet reports no more. calico-node follows.', command: describeNode}],
  notReady: ({daemonSet, exec, describe}) => [
    {
      text: 'Ask its readiness probe what it waits for; the BGP and datastore checks of this report tell more.',
      command: probeCommand(daemonSet, exec) ?? describe,
    },
  ],
}

export const absentPodFixes = ({namespace, name}: Workload): Fix[] => [
  {
    text: 'Its events say what refuses them: a quota, Pod Security of the namespace, an admission webhook that is down.',
    command: `kubectl -n ${shellWord(namespace)} describe daemonset ${shellWord(name)}`,
  },
]

/** The probe's own words; HTTP probes answer on the node only. */
function probeCommand({containers}: Workload, exec: string): string | undefined {
  const argv = containers.find(({name}) => name === 'calico-node')?.readiness
  return argv && argv.length > 1 ? `${exec} ${argv.map(shellArgument).join(' ')}` : undefined
}

function memoryFixes({daemonSet: {containers}, container, install, describe}: Given): Fix[] {
  const limit = containers.find(({name}) => name === container)?.limits.memory
  if (limit === undefined) return [{text: 'It has no memory limit: the node itself ran out of memory. Find what fills it, or add memory.', command: describe}]
  const {text, command} = howToSet(install, 'memory', bytes(limit) < 2 ** 30 ? '1Gi' : undefined)
  return [{text: `Its limit is ${limit}. ${text}`, ...(command !== undefined && {command})}]
}

const units: Readonly<Record<string, number>> = {'': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30}
/** A Kubernetes quantity in bytes; what cannot be read is no small limit. */
function bytes(quantity: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)(Ki|Mi|Gi|k|K|M|G|)$/.exec(quantity)
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : Number.POSITIVE_INFINITY
}

const imageKnobs: Readonly<Partial<Record<Flavour, string>>> = {
  operator: 'Registry, path and pull secrets are spec.registry, spec.imagePath and spec.imagePullSecrets of Installation default.',
  kubespray: 'Registry and tag are calico_node_image_repo, calico_cni_image_repo and calico_version in the inventory.',
  pmk: "Registry and version are Platform9's: the cluster's container registry setting, and its Kubernetes version.",
  tkg: "Registry and version are those of TKG's calico package.",
}
const imageKnob = (install: Collected<Install>): string =>
  (install.known && imageKnobs[install.value.flavour]) || 'Registry, tag and imagePullSecrets are in the manifest: correct them there and apply it again.'
