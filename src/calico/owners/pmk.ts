import type {Fix} from '../../engine/check.ts'
import type {Knob, Knobs} from '../owner.ts'
import {encapsulationModes} from './commands.ts'
import {manifestKnobs} from './manifest.ts'
import {resourceKnobs} from './resources.ts'

/**
 * Platform9's nodelet renders calico.yaml from the cluster's settings and applies it whenever the stack of a master starts
 * (platform9/nodelet, network_plugins/calico/calico.sh), so an edit of ConfigMap or DaemonSet lasts until then.
 */
export const pmkKnobs: Knobs = {
  mtu: ({value}) => clusterField('mtuSize', 'MTU_SIZE', value, 'Only new pods get the new MTU: recreate the others.'),
  encapsulation(wanted) {
    const ipip = wanted.value === undefined ? undefined : encapsulationModes(wanted.value)
    const {text, command} = resourceKnobs.encapsulation(wanted)
    return {
      text: `${text} Platform9 makes new clusters with calicoIpIpMode (CALICO_IPIP_MODE)${ipip ? `: ${ipip.ipipMode}` : ''}; it does not change a pool that is there.`,
      ...(command !== undefined && {command}),
    }
  },
  autodetection: ({value}) => clusterField('calicoIPv4DetectionMethod', 'CALICO_IPV4_DETECTION_METHOD', value, 'calico-node restarts on every node.'),
  pool: resourceKnobs.pool,
  'as-number': resourceKnobs['as-number'],
  mesh: resourceKnobs.mesh,
  dataplane: resourceKnobs.dataplane,
  backend: untilNextStart(manifestKnobs.backend),
  datastore: untilNextStart(manifestKnobs.datastore),
  memory: untilNextStart(manifestKnobs.memory),
  typha: untilNextStart(manifestKnobs.typha),
}

const clusterField = (field: string, variable: string, value: string | undefined, more: string): Fix => ({
  text:
    `Change ${field} of the cluster in Platform9 (${variable} of nodelet)${value === undefined ? '' : ` to ${value}`}. ${more} ` +
    'An edit of the ConfigMap or DaemonSet lasts only until nodelet applies its calico.yaml again.',
})

function untilNextStart(knob: Knob): Knob {
  return wanted => {
    const {text, command} = knob(wanted)
    return {
      text: `${text} Platform9 has no setting for it and applies its calico.yaml again when a master's stack starts: have Platform9 change it for good.`,
      ...(command !== undefined && {command}),
    }
  }
}
