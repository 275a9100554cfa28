import type {Install} from '../calico/cluster.ts'
import type {ApiGroup, EtcdPlace} from '../calico/resources.ts'
import {type Collected, known, unknown} from './collected.ts'
import type {FactName, FactTable} from './facts.ts'

/** The first lines of every report: what this cluster is, each line seen or not seen with its cause. */
export interface ClusterDescription {
  readonly calicoVersion: Collected<string>
  readonly kubernetesVersion: Collected<string>
  readonly install: Collected<string>
  readonly datastore: Collected<string>
  readonly apiGroup: Collected<string>
  readonly dataplane: Collected<string>
  readonly encapsulation: Collected<string>
  readonly bgp: Collected<string>
  readonly nodes: Collected<number>
}
/** Facts that the description reads, whatever checks were chosen. */
export const describedFacts = [
  'calicoVersion',
  'kubernetesVersion',
  'install',
  'datastore',
  'apiGroup',
  'dataplane',
  'encapsulation',
  'bgpSettings',
  'bgpPeers',
  'nodes',
] as const satisfies readonly FactName[]

export function describeCluster(table: FactTable): ClusterDescription {
  const of = <N extends FactName, T>(fact: N, text: (value: any) => T): Collected<T> => {
    const collected: Collected<unknown> | undefined = table[fact]
    if (!collected) return unknown('not-collected', 'nobody asked')
    return collected.known ? known(text(collected.value), collected.partial) : collected
  }
  return {
    calicoVersion: of('calicoVersion', ({version}) => `v${version}`),
    kubernetesVersion: of('kubernetesVersion', String),
    install: of('install', installText),
    datastore: of('datastore', ({type}) => type),
    apiGroup: of('apiGroup', apiGroupText),
    dataplane: of('dataplane', ({kind}) => kind),
    encapsulation: of('encapsulation', ({title}) => title),
    bgp: of('bgpSettings', settings => bgpText(settings, table)),
    nodes: of('nodes', nodes => nodes.length),
  }
}

/** Two at once are an accident, or a move that is not finished. */
function installText({title, namespace, others}: Install): string {
  return `${title}, namespace ${namespace}${others.length > 0 ? `; beside it DaemonSet ${others.join(', ')}` : ''}`
}

function apiGroupText({group, version, mode, apiServerAvailable, etcd}: ApiGroup): string {
  if (etcd) return etcdText(etcd)
  const server = apiServerAvailable === false ? ' + API server (not available)' : ' + API server'
  return `${group}/${version}${mode === 'aggregated' ? server : ''}`
}

/** An endpoint that is down is said, and no more: the others hold the same. */
function etcdText({answered, endpoints, silent}: EtcdPlace): string {
  if (answered === undefined) return 'none, etcd'
  const down = silent.length > 0 ? `; of ${endpoints.length} endpoints ${silent.length} did not answer: ${silent.join(', ')}` : ''
  return `none, etcd at ${answered}${down}`
}

function bgpText({backend, mesh, asNumber}: {backend: string; mesh: boolean; asNumber: string}, {bgpPeers}: FactTable): string {
  if (backend !== 'bird') return `off (backend ${backend})`
  const peers = !bgpPeers?.known || bgpPeers.value.length === 0 ? '' : `, ${bgpPeers.value.length} BGPPeer${bgpPeers.value.length === 1 ? '' : 's'}`
  return `AS ${asNumber}, node-to-node mesh ${mesh ? 'on' : 'off'}${peers}`
}
