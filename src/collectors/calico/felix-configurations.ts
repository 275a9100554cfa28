import {defineCollector} from '../../engine/collector.ts'
import {calicoList, type Seen} from '../calico-resource.ts'
import {resourcesOf, wholeSpec} from '../calico-specs.ts'

export default defineCollector({
  ...calicoList('felix-configurations', {plural: 'felixconfigurations', spec: wholeSpec}),
  facts: {
    felixConfigurations: (configurations: readonly Seen<Readonly<Record<string, unknown>>>[]) => resourcesOf('FelixConfiguration', configurations),
  },
})
