import {unknown} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {text} from '../fields.ts'

/** Open to everybody who may log in (ClusterRole system:public-info-viewer), so no right is asked for. */
export default defineCollector({
  source: 'kubernetes-version',
  access: [],
  collect: cluster => cluster.get('/version'),
  facts: {
    kubernetesVersion: (version: {readonly gitVersion?: unknown}) => text(version?.gitVersion) ?? unknown('failed', '/version has no gitVersion'),
  },
})
