import {unknown} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {listAt, textsAt} from '../fields.ts'

const option = '--service-cluster-ip-range'

/** Managed control planes show no such pods. */
export default defineCollector({
  source: 'api-server-pods',
  access: [{verb: 'list', group: '', resource: 'pods', namespace: 'kube-system'}],
  collect: cluster =>
    cluster.list(
      {group: '', version: 'v1', resource: 'pods', namespace: 'kube-system'},
      {labelSelector: 'component=kube-apiserver', project: item => listAt(rangesOf, item, 'spec', 'containers').flat()},
    ),
  facts: {
    apiServerServiceRanges: (pods: readonly (readonly string[])[]) =>
      pods.length === 0 ? unknown('absent', 'kube-system shows no kube-apiserver pods') : [...new Set(pods.flat())],
  },
})

/** Written `--option=a,b` or as two words. */
function rangesOf(container: unknown): string[] {
  const argv = [...textsAt(container, 'command'), ...textsAt(container, 'args')]
  return argv
    .map((word, index) => (word === option ? (argv[index + 1] ?? '') : word.startsWith(`${option}=`) ? word.slice(option.length + 1) : ''))
    .flatMap(ranges => ranges.split(','))
    .filter(Boolean)
}
