import type {Knob, Knobs} from '../owner.ts'
import {manifestKnobs} from './manifest.ts'
import {resourceKnobs} from './resources.ts'

/** kapp-controller keeps the calico package as its values say, and undoes edits within minutes. Value names: the package's values.yaml. */
export const tkgKnobs: Knobs = {
  mtu: ({value}) => ({
    text:
      `Set calico.config.vethMTU${value === undefined ? '' : `: ${value}`} in the values of the calico package: CalicoConfig spec.calico.config.vethMTU in the management cluster, ` +
      'or the calico add-on Secret on older TKG. Only new pods get the new MTU: recreate the others.',
    command: 'kubectl get calicoconfigs.cni.tanzu.vmware.com -A',
  }),
  encapsulation: resourceKnobs.encapsulation,
  pool: resourceKnobs.pool,
  'as-number': resourceKnobs['as-number'],
  mesh: resourceKnobs.mesh,
  dataplane: resourceKnobs.dataplane,
  backend: byOverlay(manifestKnobs.backend),
  autodetection: byOverlay(manifestKnobs.autodetection),
  datastore: byOverlay(manifestKnobs.datastore),
  memory: byOverlay(manifestKnobs.memory),
  typha: byOverlay(manifestKnobs.typha),
}

/** No command: what it would change is changed back. */
function byOverlay(knob: Knob): Knob {
  return wanted => ({text: `${knob(wanted).text} Do it by a ytt overlay on TKG's calico package: kapp-controller undoes a plain edit.`})
}
