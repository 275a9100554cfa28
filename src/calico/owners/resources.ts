import type {Knobs} from '../owner.ts'
import {encapsulationModes, patchCalico, setBgpConfiguration} from './commands.ts'

/** Settings that live in Calico's own resources, whoever installed it. */
export const resourceKnobs: Pick<Knobs, 'encapsulation' | 'dataplane' | 'pool' | 'as-number' | 'mesh'> = {
  encapsulation({value, pool}) {
    const text = `Set ipipMode and vxlanMode of IPPool ${pool}. Traffic between nodes breaks until every node has followed, so do it in a maintenance window.`
    const modes = value === undefined ? undefined : encapsulationModes(value)
    return modes ? {text, command: patchCalico('ippool', pool, modes)} : {text}
  },
  dataplane({value}) {
    const text = 'Set bpfEnabled and nftablesMode in FelixConfiguration default.'
    const spec = felixDataplane(value)
    return spec ? {text, command: patchCalico('felixconfiguration', 'default', spec)} : {text}
  },
  // cidr is immutable in every version (facts: ippool CRD rules).
  pool: ({value, pool}) => ({
    text:
      `The CIDR of a pool cannot be changed: create a new IPPool${value === undefined ? '' : ` with cidr ${value}`}, set disabled: true on ${pool}, ` +
      'recreate the pods so that they take addresses from the new one, then delete the old pool.',
    command: patchCalico('ippool', pool, {disabled: true}),
  }),
  'as-number': ({value}) => ({
    text: 'Set asNumber in BGPConfiguration default, or create it when there is none. All sessions restart.',
    ...(value !== undefined && {command: setBgpConfiguration({asNumber: Number(value) || value})}),
  }),
  mesh: ({value}) => ({
    text: 'Set nodeToNodeMeshEnabled in BGPConfiguration default, or create it when there is none.',
    ...(value !== undefined && {command: setBgpConfiguration({nodeToNodeMeshEnabled: value === 'true'})}),
  }),
}

function felixDataplane(value: string | undefined): Record<string, unknown> | undefined {
  switch (value) {
    case 'ebpf':
      return {bpfEnabled: true}
    case 'nftables':
      return {bpfEnabled: false, nftablesMode: 'Enabled'}
    case 'iptables':
      return {bpfEnabled: false, nftablesMode: 'Disabled'}
    default:
      return undefined
  }
}
