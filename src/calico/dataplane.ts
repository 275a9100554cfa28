import type {Dataplane, NodeEnv} from './cluster.ts'
import {felixBoolean} from './node-env.ts'
import type {FelixConfiguration, Installation} from './resources.ts'

/**
 * The dataplane as it is configured, by what Felix itself obeys: environment before FelixConfiguration default (felix/config: sources in descending
 * order), then what the operator is asked for. undefined: nothing that was given says so.
 */
export function configuredDataplane(env: NodeEnv, felix: FelixConfiguration | undefined, installation: Installation | undefined): Dataplane | undefined {
  const linux = (installation?.computed ?? installation?.spec)?.calicoNetwork?.linuxDataplane
  const operators = {source: 'Installation spec.calicoNetwork.linuxDataplane'}
  if (linux === 'VPP' || env.FELIX_DATAPLANEDRIVER?.value?.includes('vpp'))
    return {kind: 'vpp', ...(linux === 'VPP' ? operators : {source: 'env FELIX_DATAPLANEDRIVER'})}
  const bpf = bpfEnabled(env, felix)
  if (bpf?.on) return {kind: 'ebpf', source: bpf.source}
  if (!bpf && linux === 'BPF') return {kind: 'ebpf', ...operators}
  return nftables(env, felix) ?? (linux === 'Nftables' ? {kind: 'nftables', ...operators} : linux === 'Iptables' ? {kind: 'iptables', ...operators} : undefined)
}

/**
 * nftablesMode is Auto since v3.32 and then follows kube-proxy's table on each node, Disabled before (facts: calico.md §5.3): iptables unless told.
 */
export const defaultDataplane: Dataplane = {kind: 'iptables', source: 'default'}

function bpfEnabled(env: NodeEnv, felix: FelixConfiguration | undefined): {readonly on: boolean; readonly source: string} | undefined {
  const variable = felixBoolean(env.FELIX_BPFENABLED?.value)
  if (variable !== undefined) return {on: variable, source: 'env FELIX_BPFENABLED'}
  const field = felix?.spec.bpfEnabled
  return typeof field === 'boolean' ? {on: field, source: 'FelixConfiguration default bpfEnabled'} : undefined
}

function nftables(env: NodeEnv, felix: FelixConfiguration | undefined): Dataplane | undefined {
  const variable = env.FELIX_NFTABLESMODE?.value
  const [mode, source] = variable ? [variable, 'env FELIX_NFTABLESMODE'] : [felix?.spec.nftablesMode, 'FelixConfiguration default nftablesMode']
  if (typeof mode !== 'string' || !/^(enabled|disabled)$/i.test(mode)) return undefined
  return {kind: /^enabled$/i.test(mode) ? 'nftables' : 'iptables', source}
}
