import {birdArgv} from '../../calico/bird-sockets.ts'
import {defineProbe} from '../../engine/collector.ts'
import {readBird} from '../bird-answer.ts'

export default defineProbe({
  source: 'node/bird-v4',
  // A row for each session: a mesh of 1,000 nodes prints 1,000.
  probe: {tries: [birdArgv(4, 'show', 'protocols')], maxLines: 10_000},
  exits: [1],
  facts: {birdV4: output => readBird(output, 4)},
})
