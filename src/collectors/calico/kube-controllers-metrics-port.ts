import {type Collected, known} from '../../engine/collected.ts'
import {defineCollector} from '../../engine/collector.ts'
import {calicoDefault, type Seen} from '../calico-resource.ts'
import {specOf} from '../calico-specs.ts'
import {number} from '../fields.ts'

interface ControllersSpec {
  readonly prometheusMetricsPort?: number
}

/** kube-controllers/pkg/config: 9094 where nothing is said. */
const usual = 9094

export default defineCollector({
  ...calicoDefault('kube-controllers-configuration', {plural: 'kubecontrollersconfigurations', spec: specOf<ControllersSpec>({prometheusMetricsPort: number})}),
  facts: {
    kubeControllersMetricsPort: ({spec}: Seen<ControllersSpec>): Collected<number> => known(spec.prometheusMetricsPort ?? usual),
  },
})
