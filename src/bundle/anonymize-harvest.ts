import type {ProbeOutput} from '../engine/collector.ts'
import {type Packed, unpack} from '../engine/packed.ts'
import type {Snapshot, Take} from '../engine/snapshot.ts'
import type {Names} from './pseudonym-names.ts'

export interface Harvest {
  readonly names: Names
  /** Addresses of BGP speakers: nodes and their peers. */
  readonly speakers: Set<string>
  /** Smallest prefix lengths of IPAM blocks. */
  readonly blockSizes: Record<4 | 6, number>
}
type Fields = Readonly<Record<string, unknown>>

/** A name as Kubernetes allows it (RFC 1123); what has another shape names nothing. */
const isName = (text: unknown): text is string => typeof text === 'string' && text.length <= 253 && /^[a-zA-Z0-9](?:[\w.-]*[a-zA-Z0-9])?$/.test(text)

/** Whose names the items of a list are. */
const kinds: Readonly<Record<string, 'node' | 'pod'>> = {nodes: 'node', 'calico-nodes': 'node', 'calico-pods': 'pod'}
export const kindOfNames = (source: string): 'node' | 'pod' | undefined => (Object.hasOwn(kinds, source) ? kinds[source] : undefined)

/** Collects the names that the answers of the API hold, and the speakers that BIRD's answers name. */
export function harvestSnapshot(snapshot: Snapshot, harvest: Harvest): void {
  const {names} = harvest
  if (isName(snapshot.source.context)) names.contexts.add(snapshot.source.context)
  if (snapshot.source.server !== undefined) harvestHost(snapshot.source.server, names)
  if (snapshot.nodesWanted.known) for (const node of snapshot.nodesWanted.value) names.nodes.add(node)
  for (const [source, takes] of Object.entries(snapshot.evidence)) for (const take of takes) harvestTake(source, take, harvest)
}

function harvestTake(source: string, {node, data}: Take, harvest: Harvest): void {
  if (node !== undefined) harvest.names.nodes.add(node)
  if (!data.known) return
  if (node === undefined) harvestFields(data.value, harvest, kindOfNames(source))
  else if (source.startsWith('node/bird-v')) harvestSpeakers(unpack(data.value as ProbeOutput & Packed).stdout, harvest)
}

const largestBlocks = {4: 20, 6: 116}

/** Fields that name nodes, namespaces and pods, wherever they are. */
export function harvestFields(value: unknown, harvest: Harvest, kind?: 'node' | 'pod'): void {
  if (Array.isArray(value)) for (const item of value) harvestFields(item, harvest, kind)
  else if (isRecord(value)) {
    harvestObject(value, harvest, kind)
    const nested = kind === 'pod' && Array.isArray(value.pods) ? 'pod' : undefined
    for (const [key, part] of Object.entries(value))
      if (typeof part === 'object' && key !== 'labels') harvestFields(part, harvest, key === 'pods' ? nested : undefined)
  }
}

function harvestObject(object: Fields, harvest: Harvest, kind: 'node' | 'pod' | undefined): void {
  const {names, blockSizes} = harvest
  for (const key of ['node', 'nodeName', 'nodename', 'kubernetesName', 'calicoNode']) if (isName(object[key])) names.nodes.add(object[key])
  if (isName(object.namespace)) names.namespaces.add(object.namespace)
  if (isName(object.pod)) names.pods.add(`${isName(object.namespace) ? object.namespace : ''}/${object.pod}`)
  if (kind === 'node' && isName(object.name)) harvestNode(object.name, object, harvest)
  if (kind === 'pod' && isName(object.name)) names.pods.add(`${isName(object.namespace) ? object.namespace : ''}/${object.name}`)
  if (typeof object.peerIP === 'string') addSpeaker(object.peerIP, harvest)
  if (typeof object.cidr === 'string' && typeof object.blockSize === 'number') {
    const family = object.cidr.includes(':') ? 6 : 4
    blockSizes[family] = Math.max(largestBlocks[family], Math.min(blockSizes[family], object.blockSize))
  }
}

function harvestNode(name: string, node: Fields, harvest: Harvest): void {
  const {names} = harvest
  names.nodes.add(name)
  const hostname = isRecord(node.labels) ? node.labels['kubernetes.io/hostname'] : undefined
  if (isName(hostname) && hostname !== name) names.aliases.set(hostname, name)
  for (const list of [node.internalIps, node.externalIps]) if (Array.isArray(list)) for (const ip of list) if (typeof ip === 'string') addSpeaker(ip, harvest)
  if (isRecord(node.calico)) for (const key of ['ipv4', 'ipv6']) if (typeof node.calico[key] === 'string') addSpeaker(node.calico[key], harvest)
  if (typeof node.providerId === 'string') harvestCloud(node.providerId, names)
}

const addSpeaker = (text: string, {speakers}: Harvest) => {
  const address = text.split('/', 1)[0]!
  if (address.length <= 45) speakers.add(/^\[(.*)\]/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1'))
}

/** Words of clouds that name nobody's machine. */
const ofClouds = /^(?:subscriptions|resourcegroups|providers|microsoft\.compute|virtualmachines|virtualmachinescalesets|[a-z]{2}-[a-z]+-\d[a-z]?|docker|kind)$/i
function harvestCloud(providerId: string, {cloudIds}: Names): void {
  for (const part of providerId.replace(/^[\w-]+:\/*/, '').split('/')) if (part.length >= 6 && isName(part) && !ofClouds.test(part)) cloudIds.add(part)
}

/** `https://api.prod.acme.com:6443` names a host. */
export function harvestHost(url: string, {hosts}: Names): void {
  const host = /^(?:\w+:\/\/)?([^/:[\]]+)/.exec(url)?.[1]
  if (isName(host) && host.includes('.') && !/^[\d.]+$/.test(host)) hosts.add(host.toLowerCase())
}

function harvestSpeakers(text: string, harvest: Harvest): void {
  for (const [, v4, v6] of text.matchAll(/\b(?:Mesh|Global|Local_Workload|Node)_(?:(\d+_\d+_\d+_\d+)|([0-9a-f_]+?))(?:_port_\d+)?\s/g))
    harvest.speakers.add((v4?.replaceAll('_', '.') ?? v6?.replaceAll('_', ':'))!)
}

/** What logs of Calico's components and dumps of resources say of pods and namespaces (CNI plugin, Felix, kubelet, IPAM blocks, manifests). */
const inText: readonly (readonly [RegExp, (found: readonly string[], names: Names) => void])[] = [
  [/\bworkload[=:]"?([a-z0-9.-]{1,63})[/.]([a-z0-9][a-z0-9.-]{0,252})/gi, ([, namespace, pod], names) => addPod(names, pod!, namespace)],
  [/\bWorkloadI[dD]:\s?"([a-z0-9.-]{1,63})\/([a-z0-9][a-z0-9.-]{0,252})"/g, ([, namespace, pod], names) => addPod(names, pod!, namespace)],
  [/\bWorkloadEndpoint\(node=([a-z0-9][a-z0-9.-]{0,252}),/g, ([, node], names) => names.nodes.add(node!)],
  [/\bpod="?([a-z0-9-]{1,63})\/([a-z0-9][a-z0-9.-]{0,252})"/g, ([, namespace, pod], names) => addPod(names, pod!, namespace)],
  [/\bNamespace="?([a-z0-9-]{1,63})"? Pod="?([a-z0-9][a-z0-9.-]{0,252})"?/g, ([, namespace, pod], names) => addPod(names, pod!, namespace)],
  [/(?:^|[\s{,"\\])namespace\\?"?: ?\\?"?([a-z0-9][a-z0-9-]{0,62})(?![\w.-])/gm, ([, namespace], names) => addNamespace(names, namespace!)],
  [/(?:^|[\s{,"\\])(?:nodeName|kubernetes\.io\/hostname)\\?"?: ?\\?"?([a-z0-9][a-z0-9.-]{0,252})/gm, ([, node], names) => names.nodes.add(node!)],
  [/(?:^|[\s{,"\\])pod\\?"?: ?\\?"?([a-z0-9][a-z0-9-]*-[a-z0-9]+)(?![\w.-])/gm, ([, pod], names) => addPod(names, pod!)],
  [/\baffinity\\?"?: ?\\?"?host:([a-z0-9][a-z0-9.-]{0,252})/g, ([, node], names) => names.nodes.add(node!)],
  [/\/namespaces\/([a-z0-9][a-z0-9-]{0,62})(?=\/)/g, ([, namespace], names) => addNamespace(names, namespace!)],
  [/\/namespaces\/([a-z0-9][a-z0-9-]{0,62})\/pods\/([a-z0-9][a-z0-9.-]{0,252})/g, ([, namespace, pod], names) => addPod(names, pod!, namespace)],
]

export function harvestText(text: string, {names}: Harvest): void {
  for (const [pattern, add] of inText) for (const found of text.matchAll(pattern)) add(found, names)
}

const values = /^(?:true|false|null|none|unknown|all|any)$/
const addNamespace = (names: Names, namespace: string) => (values.test(namespace) ? names.namespaces : names.namespaces.add(namespace))
function addPod(names: Names, pod: string, namespace = ''): void {
  const name = pod.replace(/[.-]+$/, '')
  if (!values.test(name)) names.pods.add(`${namespace}/${name}`)
  if (namespace !== '') addNamespace(names, namespace)
}

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
