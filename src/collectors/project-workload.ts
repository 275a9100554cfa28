import type {Container, EnvVar, Workload} from '../calico/kubernetes.ts'
import {at, listAt, numberAt, optional, record, text, textAt, textOrNumber, textRecordAt, textsAt} from './fields.ts'

/** A DaemonSet or Deployment; a nameless one is left out. */
export function projectWorkload(kind: Workload['kind'], item: unknown): Workload | undefined {
  const name = text(at(item, 'metadata', 'name'))
  if (name === undefined) return undefined
  const pod = at(item, 'spec', 'template', 'spec')
  return {
    kind,
    namespace: textAt(item, 'metadata', 'namespace'),
    name,
    labels: textRecordAt(item, 'metadata', 'labels'),
    annotations: annotationsOf(item),
    podLabels: textRecordAt(item, 'spec', 'template', 'metadata', 'labels'),
    owners: listAt(owner => text(at(owner, 'kind')), item, 'metadata', 'ownerReferences'),
    nodeSelector: textRecordAt(pod, 'nodeSelector'),
    hostNetwork: at(pod, 'hostNetwork') === true,
    initContainers: listAt(containerOf, pod, 'initContainers'),
    containers: listAt(containerOf, pod, 'containers'),
    ...(kind === 'DaemonSet' ? daemonSetCounts(item) : deploymentCounts(item)),
  }
}

/** kubectl keeps the whole manifest in one of them: that is no news, and it is large. */
function annotationsOf(item: unknown): Workload['annotations'] {
  const annotations = {...textRecordAt(item, 'spec', 'template', 'metadata', 'annotations'), ...textRecordAt(item, 'metadata', 'annotations')}
  const {'kubectl.kubernetes.io/last-applied-configuration': _, ...rest} = annotations
  return rest
}

type Counts = Pick<Workload, 'desired' | 'updated' | 'ready'>

const daemonSetCounts = (item: unknown): Counts => ({
  desired: numberAt(item, 'status', 'desiredNumberScheduled'),
  updated: numberAt(item, 'status', 'updatedNumberScheduled'),
  ready: numberAt(item, 'status', 'numberReady'),
})

/** `spec.replicas` is 1 where it is not given; the API server fills it in. */
const deploymentCounts = (item: unknown): Counts => ({
  desired: at(item, 'spec', 'replicas') === undefined ? 1 : numberAt(item, 'spec', 'replicas'),
  updated: numberAt(item, 'status', 'updatedReplicas'),
  ready: numberAt(item, 'status', 'readyReplicas'),
})

function containerOf(item: unknown): Container | undefined {
  const name = text(at(item, 'name'))
  if (name === undefined) return undefined
  const limits = Object.entries(record(at(item, 'resources', 'limits')) ?? {})
  return {
    name,
    image: textAt(item, 'image'),
    command: [...textsAt(item, 'command'), ...textsAt(item, 'args')],
    env: listAt(envVarOf, item, 'env'),
    envFrom: listAt(from => text(at(from, 'configMapRef', 'name')), item, 'envFrom'),
    ...optional('liveness', probeOf(at(item, 'livenessProbe'))),
    ...optional('readiness', probeOf(at(item, 'readinessProbe'))),
    limits: Object.fromEntries(limits.map(([resource, limit]) => [resource, String(textOrNumber(limit) ?? '')])),
  }
}

function envVarOf(item: unknown): EnvVar | undefined {
  const name = text(at(item, 'name'))
  if (name === undefined) return undefined
  const from = record(at(item, 'valueFrom'))
  // A variable without value and valueFrom is set to the empty string (Kubernetes API, EnvVar).
  if (!from) return {name, value: textAt(item, 'value')}
  const [configMap, key] = [text(at(from, 'configMapKeyRef', 'name')), text(at(from, 'configMapKeyRef', 'key'))]
  return configMap !== undefined && key !== undefined ? {name, configMap: {name: configMap, key}} : {name, other: otherSource(from)}
}

/** Which Secret is named, never what it holds. */
function otherSource(from: Record<string, unknown>): string {
  const source = Object.keys(from)[0] ?? 'valueFrom'
  const path = [text(at(from, source, 'fieldPath')) ?? text(at(from, source, 'name')) ?? '', textAt(from, source, 'key')]
  return [source, ...path].filter(Boolean).join(' ')
}

function probeOf(probe: unknown): string[] | undefined {
  if (record(probe) === undefined) return undefined
  const http = at(probe, 'httpGet')
  return http === undefined ? textsAt(probe, 'exec', 'command') : [`GET ${textAt(http, 'path')}:${textOrNumber(at(http, 'port')) ?? ''}`]
}
