import type {Service} from '../calico/kubernetes.ts'
import {at, listAt, number, text, textAt, textRecordAt, textsAt} from './fields.ts'

export const projectService = (item: unknown): Service => ({
  namespace: textAt(item, 'metadata', 'namespace'),
  name: textAt(item, 'metadata', 'name'),
  clusterIps: clusterIps(item),
  selector: textRecordAt(item, 'spec', 'selector'),
  ports: listAt(port => number(at(port, 'port')), item, 'spec', 'ports'),
})

/** `clusterIPs` came with dual-stack (Kubernetes 1.20); a headless Service says `None`. */
function clusterIps(item: unknown): string[] {
  const several = textsAt(item, 'spec', 'clusterIPs')
  const one = text(at(item, 'spec', 'clusterIP'))
  return (several.length > 0 || one === undefined ? several : [one]).filter(ip => ip !== '' && ip !== 'None')
}
