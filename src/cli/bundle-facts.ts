import type {FactName} from '../engine/facts.ts'
import {nodeStatusFacts, wideFacts} from './node-status.ts'
import {topFacts} from './top-facts.ts'

/** What a bundle keeps beside what checks judge: all that `node status` and `top` show of it. */
export const bundleFacts = ({wide}: {readonly wide: boolean}): readonly FactName[] => [
  ...nodeStatusFacts,
  ...(wide ? wideFacts : []),
  ...topFacts,
  'kubeControllersMetricsPort',
]
