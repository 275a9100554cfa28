import type {Collected} from '../engine/collected.ts'
import type {DatastoreClaim, DatastoreType, NodeEnv} from './cluster.ts'
import type {ConfigMap, Workload} from './kubernetes.ts'
import {envOf} from './node-env.ts'

/** A variable decides and its value could not be seen. */
export interface Undecidable {
  readonly unresolved: string
}
type Claim = DatastoreClaim | Undecidable
export const isClaim = (claim: Claim): claim is DatastoreClaim => 'type' in claim

/**
 * What calico-node's own programs (startup, confd, CNI's credentials) use: DATASTORE_TYPE, else etcd as soon as ETCD_ENDPOINTS is set, else kubernetes
 * (libcalico-go/lib/apiconfig/load.go).
 */
export function nodeClaim(env: NodeEnv, place: string): Claim {
  return clientClaim('calico-node', env, place)
}

/**
 * What Felix uses where that differs. Its run script hands it DATASTORE_TYPE and ETCD_ENDPOINTS, and etcd endpoints win over the type
 * (felix/config/config_params.go DatastoreConfig). Without any of them its documented default is etcdv3, while it takes what the client library finds.
 */
export function felixClaims(env: NodeEnv, place: string, own: DatastoreType): Claim[] {
  const claim = felixClaim(env, place)
  return isClaim(claim) && claim.type === own ? [] : [claim]
}

function felixClaim(env: NodeEnv, place: string): Claim {
  const endpoints = ['ETCD_ENDPOINTS', 'FELIX_ETCDENDPOINTS', 'ETCD_AUTHORITY', 'FELIX_ETCDADDR'].find(name => isSet(env, name))
  if (endpoints !== undefined) return {component: 'felix', type: 'etcdv3', where: `${place} env ${endpoints}`}
  const type = ['DATASTORE_TYPE', 'FELIX_DATASTORETYPE'].find(name => isSet(env, name))
  if (type !== undefined) return typed('felix', env, type, place)
  return {component: 'felix', type: 'etcdv3', where: `Felix's default, because ${place} does not set DATASTORE_TYPE`, byDefault: true}
}

/** Deployments calico-typha and calico-kube-controllers. Typha's own default is etcdv3 (typha/pkg/config/config_params.go). */
export function deploymentClaims(deployment: Workload, configMap: Collected<ConfigMap>): Claim[] {
  const place = `Deployment ${deployment.namespace}/${deployment.name}`
  const container = deployment.containers.find(({name}) => name === 'calico-typha' || name === 'calico-kube-controllers')
  if (!container) return []
  const env = envOf(deployment, container, configMap)
  if (container.name === 'calico-kube-controllers') return [clientClaim('kube-controllers', env, place)]
  if (isSet(env, 'TYPHA_DATASTORETYPE')) return [typed('typha', env, 'TYPHA_DATASTORETYPE', place)]
  return [{component: 'typha', type: 'etcdv3', where: `Typha's default, because ${place} does not set TYPHA_DATASTORETYPE`, byDefault: true}]
}

/** cni_network_config is JSON only after the installer has filled in `__CNI_MTU__` and the like. */
export function cniClaim({namespace, name, data}: ConfigMap): DatastoreClaim | undefined {
  const config = data.cni_network_config
  if (config === undefined) return undefined
  const where = `ConfigMap ${namespace}/${name} cni_network_config`
  const written = /"datastore_type"\s*:\s*"([^"]*)"/.exec(config)?.[1]
  const type = written === undefined ? undefined : datastoreType(written)
  if (type) return {component: 'cni', type, where: `${where} datastore_type`}
  if (/"etcd_endpoints"\s*:\s*"[^"]/.test(config)) return {component: 'cni', type: 'etcdv3', where: `${where} etcd_endpoints`}
  return {component: 'cni', type: 'kubernetes', where: `${where}, which names neither datastore_type nor etcd_endpoints`, byDefault: true}
}

function clientClaim(component: string, env: NodeEnv, place: string): Claim {
  if (isSet(env, 'DATASTORE_TYPE')) return typed(component, env, 'DATASTORE_TYPE', place)
  if (isSet(env, 'ETCD_ENDPOINTS')) return {component, type: 'etcdv3', where: `${place} env ETCD_ENDPOINTS`}
  return {component, type: 'kubernetes', where: `${place}, which sets neither DATASTORE_TYPE nor ETCD_ENDPOINTS`, byDefault: true}
}

function typed(component: string, env: NodeEnv, name: string, place: string): Claim {
  const {value, unresolved, source} = env[name] ?? {source: place}
  const type = value === undefined ? undefined : datastoreType(value)
  if (type) return {component, type, where: `${source} env ${name}`}
  return {unresolved: `${place} env ${name}: ${value === undefined ? (unresolved ?? 'no value') : `${JSON.stringify(value)} is no datastore type`}`}
}

/** Set to something; a variable whose ConfigMap could not be read is set too. The empty string counts as not set in every component. */
const isSet = (env: NodeEnv, name: string) => env[name] !== undefined && env[name].value !== ''

const datastoreType = (value: string): DatastoreType | undefined => (['kubernetes', 'etcdv3'] as const).find(type => type === value.toLowerCase())
