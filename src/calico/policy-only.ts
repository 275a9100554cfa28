import {type Collected, valueOf} from '../engine/collected.ts'
import type {Dataplane, Install, NodeEnv} from './cluster.ts'
import type {ConfigMap} from './kubernetes.ts'
import type {Installation} from './resources.ts'

export interface NetworkOwners {
  readonly install: Collected<Install>
  readonly installation: Collected<Installation>
  readonly nodeEnv: Collected<NodeEnv>
  readonly dataplane: Collected<Dataplane>
}

/** Who else routes pods, where Calico is there for policy only; undefined where nothing says so. */
export function otherNetwork({install, installation, nodeEnv, dataplane}: NetworkOwners): string | undefined {
  if (valueOf(install)?.flavour === 'canal') return 'flannel routes pods in canal'
  if (valueOf(dataplane)?.kind === 'vpp') return 'VPP routes pods'
  const cni = valueOf(installation) && effective(valueOf(installation)!).cni?.type
  if (cni !== undefined && cni !== 'Calico') return `${cni} routes pods, Calico is there for policy`
  // Clouds' own plugins name pods' interfaces differently: eni on EKS, azv on AKS, gke.
  const prefix = valueOf(nodeEnv)?.FELIX_INTERFACEPREFIX?.value
  return prefix && !prefix.split(',').some(one => one.trim().startsWith('cali')) ? `pods' interfaces are ${prefix}*: another plugin routes pods` : undefined
}

/** Pods take addresses out of their node's podCIDR, which the cloud or the network itself can route. */
export function hostLocalIpam({
  installation,
  calicoConfig,
}: {
  readonly installation: Collected<Installation>
  readonly calicoConfig: Collected<ConfigMap>
}): boolean {
  const ipam = valueOf(installation) && effective(valueOf(installation)!).cni?.ipam?.type
  return ipam === 'HostLocal' || /"type"\s*:\s*"host-local"/.test(valueOf(calicoConfig)?.data.cni_network_config ?? '')
}

const effective = ({spec, computed}: Installation) => computed ?? spec
