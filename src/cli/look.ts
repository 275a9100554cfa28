import {collectors} from '../collectors/index.ts'
import type {Check} from '../engine/check.ts'
import {collect} from '../engine/collect.ts'
import type {FactName, FactTable} from '../engine/facts.ts'
import {planFor} from '../engine/plan.ts'
import {readFacts} from '../engine/read-facts.ts'
import type {Snapshot, Source} from '../engine/snapshot.ts'
import {interruptible} from './interrupt.ts'
import {progressLine} from './progress.ts'
import {timingLines} from './timing.ts'
import {type Ways, waysIn} from './ways.ts'

export interface LookFlags {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly user?: string | undefined
  readonly as?: string | undefined
  readonly 'as-group'?: string[] | undefined
  readonly datastore?: 'kubernetes' | 'etcd' | undefined
  readonly 'etcd-endpoints'?: string | undefined
  readonly 'etcd-ca-cert-file'?: string | undefined
  readonly 'etcd-cert-file'?: string | undefined
  readonly 'etcd-key-file'?: string | undefined
  readonly node?: string[] | undefined
  readonly exec: 'auto' | 'pod' | 'ssh' | 'local' | 'none'
  readonly 'ssh-user'?: string | undefined
  readonly 'ssh-option'?: string[] | undefined
  /** A bundle in place of a cluster. */
  readonly bundle?: string | undefined
  readonly concurrency: number
  readonly 'node-timeout': number
  readonly timeout: number
  readonly quiet?: boolean
  readonly verbose?: boolean
}
export interface Look {
  readonly snapshot: Snapshot
  readonly table: FactTable
}
export interface LookFor {
  readonly checks: readonly Check[]
  /** Facts wanted beside those of the checks. */
  readonly facts?: readonly FactName[]
  readonly sourceKind?: Source['kind']
}

/** Looks once, at a cluster (the way in, the plan, the evidence, the facts) or into a bundle. */
export function look(flags: LookFlags, wanted: LookFor): Promise<Look> {
  return interruptible(interrupt => lookWithin(flags, wanted, AbortSignal.any([interrupt, AbortSignal.timeout(flags.timeout)])))
}

/** Ends when `signal` does, with what was seen by then. */
export async function lookWithin(flags: LookFlags, wanted: LookFor, signal: AbortSignal): Promise<Look> {
  if (flags.bundle === undefined) return lookAtCluster(flags, wanted, signal)
  return (await import('./bundle-look.ts')).lookIntoBundle(flags.bundle, flags)
}

async function lookAtCluster(flags: LookFlags, wanted: LookFor, signal: AbortSignal): Promise<Look> {
  // A simulated cluster's etcd is its own: nothing of this machine's environment leads to another.
  const ways = await waysIn(flags, signal, wanted.sourceKind === 'demo' ? {} : process.env)
  try {
    return await lookThrough(ways, flags, wanted, signal)
  } finally {
    ways.close()
  }
}

/** Looks once by ways that are open, and leaves them open. */
export async function lookThrough(ways: Ways, flags: LookFlags, {checks, facts = [], sourceKind = 'live'}: LookFor, signal: AbortSignal): Promise<Look> {
  const progress = progressLine(flags.quiet ?? false)
  try {
    const snapshot = await collect(planFor(checks, collectors, facts), {
      ...ways,
      collectors,
      source: sourceOf(ways, sourceKind),
      settings: {exec: ways.exec, checks: checks.map(check => check.id), nodes: flags.node ?? []},
      concurrency: flags.concurrency,
      nodeTimeoutMs: flags['node-timeout'],
      signal,
      onProgress: progress.onProgress,
    })
    progress.clear()
    if (flags.verbose) process.stderr.write(timingLines(snapshot))
    return {snapshot, table: readFacts(snapshot, collectors)}
  } finally {
    progress.clear()
  }
}

export function sourceOf({context, server}: Ways, kind: Source['kind']): Source {
  return {kind, ...(context !== undefined && {context}), ...(server !== undefined && {server})}
}
