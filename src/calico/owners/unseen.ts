import type {Knob, Knobs, Setting} from '../owner.ts'
import {manifestKnobs} from './manifest.ts'
import {operatorKnobs} from './operator.ts'
import {resourceKnobs} from './resources.ts'

/** Who installed Calico was not seen: both usual knobs are named, and nothing to paste that the owner may undo. */
export const unseenOwnerKnobs: Knobs = {
  mtu: either('mtu'),
  backend: either('backend'),
  encapsulation: either('encapsulation'),
  autodetection: either('autodetection'),
  dataplane: either('dataplane'),
  datastore: either('datastore'),
  memory: either('memory'),
  typha: either('typha'),
  pool: either('pool'),
  'as-number': resourceKnobs['as-number'],
  mesh: resourceKnobs.mesh,
}

function either(setting: Setting): Knob {
  return wanted => ({text: `With a manifest install: ${manifestKnobs[setting](wanted).text} With the operator: ${operatorKnobs[setting](wanted).text}`})
}
