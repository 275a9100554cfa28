import {nodesOf} from '../bundle/missed.ts'
import {describedFacts} from '../engine/describe-cluster.ts'
import {engineFacts} from '../engine/plan.ts'
import {type BundleCollectFlags, limitsOf} from './bundle-flags.ts'
import {planEvidence} from './bundle-plan.ts'
import {estimateText} from './bundle-text.ts'
import {interruptible} from './interrupt.ts'
import {lookThrough} from './look.ts'
import {waysIn} from './ways.ts'

/** What the API says of the cluster, and what `bundle collect` would make of it: no node is asked, and so sessions that are down are not known. */
export function estimateBundle(flags: BundleCollectFlags): Promise<string> {
  return interruptible(async interrupt => {
    const signal = AbortSignal.any([interrupt, AbortSignal.timeout(flags.timeout)])
    const ways = await waysIn(flags, signal, process.env)
    try {
      const {snapshot, table} = await lookThrough(ways, flags, {checks: [], facts: [...describedFacts, ...engineFacts]}, signal)
      const {wanted, missed} = nodesOf(snapshot)
      const seen = {table, report: {checks: [], takenAt: snapshot.takenAt}, nodes: {wanted, got: wanted ?? [], missed}}
      return estimateText(planEvidence(ways, seen, limitsOf(flags)), {wanted}).replace(' Ctrl-C keeps what there is.', '')
    } finally {
      ways.close()
    }
  })
}
