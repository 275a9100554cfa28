import {defaultIpamConfig, type IpamConfig} from '../../calico/ipam.ts'
import type {ApiGroup, EtcdPlace} from '../../calico/resources.ts'
import {type Collected, unknown} from '../../engine/collected.ts'
import {type Cluster, defineCollector} from '../../engine/collector.ts'
import {inForce} from '../calico-resource.ts'
import {etcdGet} from '../etcd-resource.ts'
import {at, flag, number, optional, record} from '../fields.ts'
import {mapKnown} from '../map-known.ts'

/** Fields as the API has them. */
interface Written {
  readonly strictAffinity?: unknown
  readonly autoAllocateBlocks?: unknown
  readonly maxBlocksPerHost?: unknown
  readonly ipCooldownSeconds?: unknown
}

/** The only kind of Calico's whose name differs: ipamconfigs in v1, ipamconfigurations in v3 (facts: calico.md §4.3). */
export default defineCollector({
  source: 'ipam-config',
  access: [
    {verb: 'get', group: 'crd.projectcalico.org', resource: 'ipamconfigs', name: 'default'},
    {verb: 'get', group: 'projectcalico.org', resource: 'ipamconfigurations', name: 'default'},
  ],
  after: ['apiGroup', 'datastore'],
  collect: (cluster, facts): Promise<Collected<Written>> =>
    inForce(cluster, facts, {inApi: place => inApi(cluster, place), inEtcd: etcd => inEtcd(cluster, etcd)}),
  facts: {ipamConfig: readConfig},
})

async function inApi(cluster: Cluster, {group, version}: Pick<ApiGroup, 'group' | 'version'>): Promise<Collected<Written>> {
  const plural = version === 'v1' ? 'ipamconfigs' : 'ipamconfigurations'
  return mapKnown(await cluster.get(`/apis/${group}/${version}/${plural}/default`), config => record(at(config, 'spec')) ?? {})
}

/** In etcd what is off or 0 is not written, and some fields have other names (libcalico-go/lib/backend/model/ipam_config.go). */
async function inEtcd(cluster: Cluster, etcd: EtcdPlace): Promise<Collected<Written>> {
  const config = await etcdGet(cluster, etcd, '/calico/ipam/v2/config', ({object}) => record(object))
  if (config.known && config.value === undefined) return unknown('failed', '/calico/ipam/v2/config is no JSON object')
  return mapKnown(config, value => ({
    strictAffinity: value?.strict_affinity ?? false,
    autoAllocateBlocks: value?.auto_allocate_blocks ?? false,
    ...optional('maxBlocksPerHost', value?.maxBlocksPerHost),
  }))
}

function readConfig({strictAffinity, autoAllocateBlocks, maxBlocksPerHost, ipCooldownSeconds}: Written): IpamConfig {
  return {
    strictAffinity: flag(strictAffinity) ?? defaultIpamConfig.strictAffinity,
    autoAllocateBlocks: flag(autoAllocateBlocks) ?? defaultIpamConfig.autoAllocateBlocks,
    maxBlocksPerHost: number(maxBlocksPerHost) || defaultIpamConfig.maxBlocksPerHost,
    ...optional('cooldownSeconds', number(ipCooldownSeconds)),
  }
}
