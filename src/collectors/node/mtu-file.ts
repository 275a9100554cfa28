import {type Collected, known, unknown} from '../../engine/collected.ts'
import {defineProbe, type ProbeOutput} from '../../engine/collector.ts'

/** Felix writes what it computed for pods here; the CNI plugin reads it when its own configuration says 0 (felix/dataplane/linux/int_dataplane.go). */
export default defineProbe({
  source: 'node/mtu-file',
  probe: {tries: [['cat', '/var/lib/calico/mtu']], maxLines: 10},
  exits: [1],
  facts: {mtuFile: readMtuFile},
})

export function readMtuFile({exit, stdout, stderr}: Pick<ProbeOutput, 'exit' | 'stdout' | 'stderr'>): Collected<number> {
  if (exit !== 0)
    return noSuchFile(stderr) ? unknown('absent', 'no /var/lib/calico/mtu') : unknown('failed', `/var/lib/calico/mtu: ${stderr.trim().slice(0, 200)}`)
  const mtu = stdout.trim()
  return /^\d{1,7}$/.test(mtu) ? known(Number(mtu)) : unknown('failed', `/var/lib/calico/mtu holds no number: ${JSON.stringify(mtu.slice(0, 40))}`)
}

const noSuchFile = (stderr: string) => /No such file or directory/i.test(stderr)
