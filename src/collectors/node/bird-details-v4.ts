import {readDetails} from '../../calico/bird-details.ts'
import {birdDetailsArgv} from '../../calico/bird-sockets.ts'
import {defineProbe} from '../../engine/collector.ts'

export default defineProbe({
  source: 'node/bird-details-v4',
  // 50 sessions of some 30 lines each.
  probe: {tries: [birdDetailsArgv(4)], maxLines: 4_000},
  facts: {birdDetailsV4: ({stdout}) => readDetails(stdout)},
})
