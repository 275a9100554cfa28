import {type Collected, known, unknown} from '../engine/collected.ts'
import type {NodeEnv} from './cluster.ts'
import type {ConfigMap} from './kubernetes.ts'

export interface TyphaServiceName {
  readonly namespace: string
  readonly name: string
  /** Where it is written. */
  readonly source: string
  /** false: it stands in the ConfigMap, but calico-node's environment does not take it from there. */
  readonly usedByFelix: boolean
}

export const withoutTypha = 'no Typha Service is configured'

/**
 * The Service by which Felix is to look for Typha: FELIX_TYPHAK8SSERVICENAME in FELIX_TYPHAK8SNAMESPACE (default kube-system: felix-params), else what
 * the ConfigMap says to nobody. `none` and the empty string mean without Typha (not-collected).
 */
export function typhaServiceName(nodeEnv: Collected<NodeEnv>, calicoConfig: Collected<ConfigMap>): Collected<TyphaServiceName> {
  if (!nodeEnv.known) return nodeEnv
  const namespace = nodeEnv.value.FELIX_TYPHAK8SNAMESPACE?.value || 'kube-system'
  const variable = nodeEnv.value.FELIX_TYPHAK8SSERVICENAME
  if (variable?.unresolved !== undefined) return unseen(`${variable.source}: ${variable.unresolved}`, calicoConfig)
  const key = calicoConfig.known ? calicoConfig.value.data.typha_service_name : undefined
  const name = variable?.value ?? key
  if (name === undefined || name === '' || name.toLowerCase() === 'none') return unknown('not-collected', withoutTypha)
  const source = variable?.source ?? (calicoConfig.known ? `ConfigMap ${calicoConfig.value.namespace}/${calicoConfig.value.name} key typha_service_name` : '')
  return known({namespace, name, source, usedByFelix: variable !== undefined})
}

/** A ConfigMap that nobody asked for is not Typha switched off: that is what `not-collected` means here. */
const unseen = (detail: string, calicoConfig: Collected<unknown>) =>
  unknown(calicoConfig.known || calicoConfig.why === 'not-collected' ? 'failed' : calicoConfig.why, detail)
