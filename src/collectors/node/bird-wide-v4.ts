import {readWide} from '../../calico/bird-details.ts'
import {birdArgv} from '../../calico/bird-sockets.ts'
import {defineProbe} from '../../engine/collector.ts'

export default defineProbe({
  source: 'node/bird-wide-v4',
  // A mesh of 1,000 nodes prints 1,000 sessions of some 30 lines each.
  probe: {tries: [birdArgv(4, 'show', 'protocols', 'all')], maxLines: 60_000},
  facts: {birdWideV4: ({stdout}) => readWide(stdout)},
})
