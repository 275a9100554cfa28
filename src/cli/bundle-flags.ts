import type {EvidenceLimits} from '../bundle/manifest.ts'
import {nodeTotalOf} from '../evidence/limits.ts'
import type {LookFlags} from './look.ts'

export interface BundleCollectFlags extends LookFlags {
  readonly file?: string | undefined
  readonly wide: boolean
  /** Names, addresses and domains replaced. */
  readonly anonymize?: boolean
  readonly estimate: boolean
  /** Milliseconds. */
  readonly since?: number | undefined
  readonly tail: number
  /** Bytes. */
  readonly 'max-size': number
  readonly 'max-file-size': number
  readonly 'sample-nodes': number | 'all'
}

/** The bounds in force, as the manifest tells them. */
export const limitsOf = (flags: BundleCollectFlags): EvidenceLimits => ({
  timeoutMs: flags.timeout,
  nodeTimeoutMs: flags['node-timeout'],
  nodeTotalMs: nodeTotalOf({nodeTimeoutMs: flags['node-timeout']}),
  maxBytes: flags['max-size'],
  maxFileBytes: flags['max-file-size'],
  sinceSeconds: flags.since === undefined ? null : Math.ceil(flags.since / 1_000),
  tailLines: flags.tail,
  sampleNodes: flags['sample-nodes'],
  concurrency: flags.concurrency,
})
