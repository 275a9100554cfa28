import {known, unknown} from '../engine/collected.ts'
import type {Snapshot, Take} from '../engine/snapshot.ts'
import {installation} from './installation-shape.ts'
import {anyOf, flag, isRecord, listOf, number, oneOf, optional, type Rule, recordOf, shapeOf, text} from './rules.ts'
import {collected} from './snapshot-shape.ts'

/**
 * What of the API was kept, held to the shape its collector writes. Evidence of another shape is `failed`, which is unknown: it must neither break a check nor
 * be taken for something that is not set.
 */
export function shapedEvidence(snapshot: Snapshot): Snapshot {
  const evidence = Object.fromEntries(Object.entries(snapshot.evidence).map(([source, takes]) => [source, takes.map(take => shaped(source, take))]))
  return {...snapshot, evidence}
}

function shaped(source: string, take: Take): Take {
  const {data} = take
  const rule = evidenceShapes.get(source)
  if (!data.known || !rule) return take
  const wrong = rule(data.value)
  return wrong === undefined
    ? {...take, data: known(data.value, data.partial)}
    : {...take, data: unknown('failed', `another shape than calico-doctor writes: ${wrong}`)}
}

const texts = listOf(text)
const labels = recordOf(text)
const textOrNumber = anyOf(text, number)

const container = shapeOf({
  name: text,
  image: text,
  command: texts,
  env: listOf(shapeOf({name: text, value: optional(text), configMap: optional(shapeOf({name: text, key: text})), other: optional(text)})),
  envFrom: texts,
  liveness: optional(texts),
  readiness: optional(texts),
  limits: labels,
})
const workload = shapeOf({
  kind: oneOf('DaemonSet', 'Deployment'),
  ...{namespace: text, name: text, labels, annotations: labels, podLabels: labels, owners: texts, nodeSelector: labels, hostNetwork: flag},
  ...{initContainers: listOf(container), containers: listOf(container), desired: number, updated: number, ready: number},
})
const ended = shapeOf({reason: text, exitCode: number, finishedAt: optional(text), message: optional(text)})
const status = shapeOf({
  ...{name: text, init: flag, image: text, ready: flag, restarts: number, state: oneOf('running', 'waiting', 'terminated', 'unknown')},
  ...{reason: optional(text), message: optional(text), exitCode: optional(number), last: optional(ended)},
})
const pod = shapeOf({
  ...{namespace: text, name: text, app: text, node: optional(text), phase: text, ready: flag, reason: optional(text), message: optional(text)},
  ...{terminating: flag, createdAt: optional(text), startedAt: optional(text), readyChangedAt: optional(text), containers: listOf(status)},
})
const annotations = shapeOf({
  ...{ipv4: optional(text), ipv6: optional(text), ipipTunnel: optional(text), vxlanTunnel: optional(text), vxlanTunnelV6: optional(text)},
  ...{vxlanMac: optional(text), vxlanMacV6: optional(text), asNumber: optional(text), routeReflectorClusterId: optional(text)},
  ...{wireguardAddress: optional(text), wireguardKey: optional(text)},
})
const node = shapeOf({
  ...{name: text, labels, internalIps: texts, externalIps: texts, podCidrs: texts, providerId: optional(text), kernelVersion: text, osImage: text},
  ...{operatingSystem: text, architecture: text, kubeletVersion: text, containerRuntime: text, ready: oneOf('True', 'False', 'Unknown'), unschedulable: flag},
  ...{taints: listOf(shapeOf({key: text, value: optional(text), effect: text})), virtual: flag, calico: annotations},
})
const service = shapeOf({namespace: text, name: text, clusterIps: texts, selector: labels, ports: listOf(number)})
const unseen = shapeOf({known: flag, why: text, detail: text})

/** One of Calico's own resources, with what of it could not be read. */
const resource = (spec: Rule): Rule => shapeOf({name: text, spec, unread: optional(texts)})
const cidrs = optional(listOf(shapeOf({cidr: text})))
const mode = optional(oneOf('Never', 'Always', 'CrossSubnet'))
const bgpConfiguration = shapeOf({
  ...{asNumber: optional(textOrNumber), nodeToNodeMeshEnabled: optional(flag), listenPort: optional(number), programClusterRoutes: optional(text)},
  ...{serviceClusterIPs: cidrs, serviceExternalIPs: cidrs, serviceLoadBalancerIPs: cidrs},
})
const bgpPeer = shapeOf({
  ...{node: optional(text), nodeSelector: optional(text), peerIP: optional(text), peerSelector: optional(text), localWorkloadSelector: optional(text)},
  ...{asNumber: optional(textOrNumber), reversePeering: optional(text)},
  password: optional(shapeOf({secretKeyRef: optional(shapeOf({name: optional(text), key: optional(text)}))})),
})
const ipPool = shapeOf({
  ...{cidr: text, blockSize: optional(number), ipipMode: mode, vxlanMode: mode, natOutgoing: optional(flag), disabled: optional(flag)},
  ...{disableBGPExport: optional(flag), nodeSelector: optional(text), allowedUses: optional(texts), assignmentMode: optional(text)},
})
const clusterInformation = shapeOf({
  ...{calicoVersion: optional(text), clusterType: optional(text), clusterGUID: optional(text), datastoreReady: optional(flag), variant: optional(text)},
})

/** Felix has some 200 parameters (felix-params): what they are called tells their type. */
const felixParameter = (name: string): Rule => {
  if (/Enabled(?:V6)?$/.test(name)) return flag
  if (/(?:MTU|MTUV6|Port|VNI)$/.test(name)) return number
  return /(?:Mode|Routes|Prefix|Selector|Severity\w*|Action|Method|Source|Host)$/.test(name) ? text : () => undefined
}
const felixSpec: Rule = value =>
  isRecord(value)
    ? Object.entries(value)
        .map(([name, parameter]) => felixParameter(name)(parameter))
        .find(Boolean)
    : 'no object'

const apiGroup = anyOf(
  shapeOf({groups: texts, wanted: optional(text), apiService: collected(shapeOf({aggregated: flag, available: flag}))}),
  shapeOf({etcd: shapeOf({endpoints: texts, answered: optional(text), silent: texts, unseen: optional(unseen)})}),
)

const page = collected(text)

/** By source, for collectors whose readers take what they are given as what was kept. */
const evidenceShapes: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['api-group', apiGroup],
  ['api-server-pods', listOf(texts)],
  ['bgp-configurations', listOf(resource(bgpConfiguration))],
  ['bgp-peers', listOf(resource(bgpPeer))],
  ['calico-config', shapeOf({namespace: text, name: text, data: labels})],
  ['calico-daemon-sets', listOf(workload)],
  ['calico-deployments', listOf(workload)],
  ['calico-nodes', listOf(shapeOf({name: text, kubernetesName: text, labels, calico: annotations, unread: optional(flag)}))],
  ['calico-pods', shapeOf({at: text, pods: listOf(pod)})],
  ['cluster-information', resource(clusterInformation)],
  ['datastore-migrations', listOf(shapeOf({name: text, phase: text}))],
  ['felix-configurations', listOf(resource(felixSpec))],
  ['felix-metrics', listOf(shapeOf({node: text, at: text, page}))],
  ['installation', installation],
  ['ip-pools', listOf(resource(ipPool))],
  ['kube-controllers-configuration', resource(shapeOf({prometheusMetricsPort: optional(number)}))],
  ['kube-controllers-metrics', text],
  ['kubeadm-config', shapeOf({serviceSubnet: optional(text), podSubnet: optional(text)})],
  ['kubernetes-service', service],
  ['kubernetes-version', shapeOf({gitVersion: optional(text)})],
  ['nodes', listOf(node)],
  ['service-cidr-objects', listOf(texts)],
  ['typha-endpoints', listOf(shapeOf({ready: texts, notReady: texts}))],
  ['typha-metrics', listOf(shapeOf({namespace: text, pod: text, node: optional(text), at: text, page}))],
  ['typha-service', service],
])
