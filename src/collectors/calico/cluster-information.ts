import type {ClusterInformationSpec} from '../../calico/resources.ts'
import {known} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoDefault, type Seen} from '../calico-resource.ts'
import {specOf} from '../calico-specs.ts'
import {flag, text} from '../fields.ts'

const spec = specOf<ClusterInformationSpec>({calicoVersion: text, clusterType: text, clusterGUID: text, datastoreReady: flag, variant: text})

export default defineCollector({
  ...calicoDefault('cluster-information', {plural: 'clusterinformations', spec}),
  facts: {
    clusterInformation: ({name, spec, unread = []}: Seen<ClusterInformationSpec>) =>
      known({name, spec}, unread.length > 0 ? `could not be read: ${unread.join(', ')}` : undefined),
  },
})
