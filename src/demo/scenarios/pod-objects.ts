import type {KubeObject} from '../cluster-state.ts'
import {digest, suffixOf, uidOf} from './identity.ts'
import {created, managedFields, objectOf, rolledOut} from './meta.ts'
import {nodeLabelsOf} from './node-objects.ts'
import {type ClusterPlan, minorOf, type PlannedPod} from './plan.ts'
import type {PodTemplate} from './pod-spec.ts'
import {podTemplate} from './pod-templates.ts'

/** A running pod, with all that a kubelet and a controller write into it. */
export function podObject(plan: ClusterPlan, pod: PlannedPod): KubeObject {
  const template = podTemplate(plan, pod.app)
  const {namespace, name} = pod
  const options = {
    namespace,
    labels: {...labelsOf(pod, template), ...topologyOf(plan, pod)},
    annotations: annotationsOf(plan, pod),
    since: startOf(plan, pod),
    more: {...generated(pod), managedFields: written},
  }
  return objectOf('Pod', name, options, {
    spec: {...template.spec, ...(pod.hostNetwork && {hostNetwork: true}), nodeName: pod.node.name, volumes: [...template.volumes, tokenVolume(name)]},
    status: statusOf(pod, template, startOf(plan, pod)),
  })
}

/** Calico was rolled out anew last evening. */
const startOf = ({daemonSet}: ClusterPlan, {app}: PlannedPod) => (app === daemonSet || app === 'calico-typha' ? rolledOut : created)

function labelsOf({owner}: PlannedPod, {labels}: PodTemplate): Record<string, string> {
  const hash = owner.name.slice(owner.name.lastIndexOf('-') + 1)
  if (owner.kind === 'ReplicaSet') return {...labels, 'pod-template-hash': hash}
  return owner.kind === 'DaemonSet' ? {...labels, 'controller-revision-hash': digest(owner.name).slice(0, 10), 'pod-template-generation': '3'} : labels
}

/** From 1.35 on a pod carries the zone and region of its node (PodTopologyLabelsAdmission). */
function topologyOf(plan: ClusterPlan, {node}: PlannedPod): Record<string, string> {
  if (minorOf(plan) < 35) return {}
  return Object.fromEntries(Object.entries(nodeLabelsOf(plan, node)).filter(([label]) => /^topology\.kubernetes\.io\/(zone|region)$/.test(label)))
}

function annotationsOf(plan: ClusterPlan, {hostNetwork, ip, owner, name, namespace}: PlannedPod): Record<string, string> {
  if (owner.kind === 'Node') return {'kubernetes.io/config.hash': digest(name).slice(0, 32), 'kubernetes.io/config.source': 'file'}
  if (hostNetwork || plan.daemonSet === 'canal') return {}
  const containerID = sandboxOf(namespace, name)
  return {'cni.projectcalico.org/containerID': containerID, 'cni.projectcalico.org/podIP': `${ip}/32`, 'cni.projectcalico.org/podIPs': `${ip}/32`}
}
/** The sandbox that the CNI plugin was called for; IPAM's handle carries it. */
export const sandboxOf = (namespace: string, name: string): string => digest(`sandbox ${namespace}/${name}`)

const apiVersions = {DaemonSet: 'apps/v1', ReplicaSet: 'apps/v1', StatefulSet: 'apps/v1', Node: 'v1'} as const
const generated = ({owner: {kind, name}, namespace}: PlannedPod) => ({
  ...(kind !== 'Node' && {generateName: `${name}-`}),
  ownerReferences: [
    {
      apiVersion: apiVersions[kind],
      kind,
      name,
      uid: uidOf(`${kind} ${kind === 'Node' ? '' : namespace}/${name}`),
      controller: true,
      ...(kind !== 'Node' && {blockOwnerDeletion: true}),
    },
  ],
})

const tokenVolume = (pod: string) => ({
  name: `kube-api-access-${suffixOf(`token ${pod}`, 5)}`,
  projected: {
    sources: [
      {serviceAccountToken: {expirationSeconds: 3607, path: 'token'}},
      {configMap: {name: 'kube-root-ca.crt', items: [{key: 'ca.crt', path: 'ca.crt'}]}},
      {downwardAPI: {items: [{path: 'namespace', fieldRef: {apiVersion: 'v1', fieldPath: 'metadata.namespace'}}]}},
    ],
    defaultMode: 420,
  },
})

const conditionTypes = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']

function statusOf({namespace, name, node, ip}: PlannedPod, template: PodTemplate, since: string): object {
  const status = (container: {name: string; image: string}) => ({
    name: container.name,
    lastState: {},
    ready: true,
    restartCount: 0,
    image: container.image,
    imageID: `${container.image.split(':')[0]}@sha256:${digest(container.image)}`,
    containerID: `containerd://${digest(`${namespace}/${name}/${container.name}`)}`,
  })
  const running = template.spec.containers.map(container => ({...status(container), state: {running: {startedAt: since}}, started: true}))
  const done = template.spec.initContainers?.map(container => ({
    ...status(container),
    state: {
      terminated: {
        exitCode: 0,
        reason: 'Completed',
        startedAt: since,
        finishedAt: since,
        containerID: `containerd://${digest(`${name}/${container.name}`)}`,
      },
    },
    started: false,
  }))
  return {
    phase: 'Running',
    conditions: conditionTypes.map(type => ({type, status: 'True', observedGeneration: 1, lastProbeTime: null, lastTransitionTime: since})),
    hostIP: node.address,
    hostIPs: [{ip: node.address}],
    podIP: ip,
    podIPs: [{ip}],
    startTime: since,
    ...(done && {initContainerStatuses: done}),
    containerStatuses: running,
    qosClass: 'Burstable',
  }
}

const container = 'spec/containers/k:{"name":"app"}'
const written = managedFields([
  {
    manager: 'kube-controller-manager',
    fields: [
      'metadata/generateName',
      'metadata/labels/.',
      'metadata/labels/app.kubernetes.io~1name',
      'metadata/labels/pod-template-hash',
      'metadata/ownerReferences/.',
      ...[
        'image',
        'imagePullPolicy',
        'name',
        'resources/limits/memory',
        'resources/requests/cpu',
        'resources/requests/memory',
        'terminationMessagePath',
        'terminationMessagePolicy',
      ].map(field => `${container}/${field}`),
      ...['failureThreshold', 'httpGet/path', 'httpGet/port', 'httpGet/scheme', 'periodSeconds', 'successThreshold', 'timeoutSeconds'].flatMap(field => [
        `${container}/livenessProbe/${field}`,
        `${container}/readinessProbe/${field}`,
      ]),
      ...['dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'securityContext', 'serviceAccountName', 'terminationGracePeriodSeconds'].map(
        field => `spec/${field}`,
      ),
    ],
  },
  {manager: 'calico', subresource: 'status', fields: ['containerID', 'podIP', 'podIPs'].map(field => `metadata/annotations/cni.projectcalico.org~1${field}`)},
  {
    manager: 'kubelet',
    subresource: 'status',
    fields: [
      ...['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'Ready'].flatMap(type =>
        ['lastProbeTime', 'lastTransitionTime', 'status', 'type'].map(field => `status/conditions/k:{"type":"${type}"}/${field}`),
      ),
      ...['containerStatuses', 'hostIP', 'hostIPs', 'phase', 'podIP', 'podIPs', 'startTime'].map(field => `status/${field}`),
    ],
  },
])
