import {type Collected, known, unknown} from '../../engine/collected.ts'
import {defineProbe, type ProbeOutput} from '../../engine/collector.ts'

/** DMI's chassis asset tag, by which a machine knows its cloud when nobody set a providerID. Many machines have none. */
export default defineProbe({
  source: 'node/chassis-tag',
  probe: {tries: [['cat', '/sys/class/dmi/id/chassis_asset_tag']], maxLines: 10},
  exits: [1],
  facts: {chassisTag: readChassisTag},
})

export function readChassisTag({exit, stdout, stderr}: Pick<ProbeOutput, 'exit' | 'stdout' | 'stderr'>): Collected<string> {
  if (exit === 0) return known(stdout.trim())
  return /No such (file|device)/i.test(stderr) ? unknown('absent', 'this machine has no DMI chassis asset tag') : unknown('failed', stderr.trim().slice(0, 200))
}
