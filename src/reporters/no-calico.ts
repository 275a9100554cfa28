import type {Report} from '../engine/report.ts'
import type {Pen} from './screen.ts'
import {amount} from './totals.ts'

/** Neither a DaemonSet nor an API of Calico's, and nothing found: then a page of checks that cannot be judged says less than one sentence. */
export const isNoCalico = ({cluster: {install, apiGroup}, summary: {error, warning, info, crashed}}: Report): boolean =>
  !install.known && install.why === 'absent' && !apiGroup.known && apiGroup.why === 'absent' && error + warning + info + crashed === 0

export function noCalicoLines({cluster: {kubernetesVersion, nodes}}: Report, pen: Pen): string[] {
  const size = [
    ...(kubernetesVersion.known ? [`Kubernetes ${pen.safe(kubernetesVersion.value, 60)}`] : []),
    ...(nodes.known ? [amount(nodes.value, 'node')] : []),
  ]
  return [
    ...pen.lines('No Calico found in this cluster: no DaemonSet runs calico-node, and the API serves no resources of Calico.', `${pen.mark('unknown')} `, 2),
    ...pen.lines(`${size.length > 0 ? `${size.join(', ')}. ` : ''}Nothing was judged. Another cluster is chosen with --context; its names are listed by`, '  '),
    `  ${pen.bold('kubectl config get-contexts')}`,
  ]
}
