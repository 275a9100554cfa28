import type {FactName} from '../engine/facts.ts'

/** What the live view shows beside what checks judge: Felix, Typha, kube-controllers and IPAM. No check asks for them; the live view and bundles do. */
export const topFacts = [
  'felixMetrics',
  'typhaMetrics',
  'kubeControllersMetrics',
  'ipamBlocks',
  'blockAffinities',
  'ipamConfig',
  'ipPools',
] as const satisfies readonly FactName[]
