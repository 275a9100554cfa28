import type {Why} from '../engine/collected.ts'
import type {Estimate} from '../evidence/estimate.ts'
import type {LeftOut} from '../evidence/left-out.ts'
import type {SickNode} from '../evidence/order.ts'

/** Rises when a reader of the old shape would read the new one wrongly. Older ones are always read. */
export const bundleSchema = 1

/** `manifest.json`, the last file of a bundle: what is in it, where each file came from, and what could not be had. */
export interface Manifest {
  readonly schema: number
  readonly tool: {readonly name: 'calico-doctor'; readonly version: string}
  /** As called, credentials struck out. */
  readonly arguments: readonly string[]
  /** ISO 8601, our clock. */
  readonly start: string
  readonly end: string
  /** Why the look ended before everything was asked; null: it did not. */
  readonly partial: string | null
  readonly nodes: ManifestNodes
  /** Sources of the API that could not be had. */
  readonly api: {readonly missed: readonly Missed[]}
  /** Raw evidence beyond what the checks need; bundles before it have none. */
  readonly evidence?: ManifestEvidence
  /** Names, addresses and domains are pseudonyms. */
  readonly anonymized?: boolean
  /** How many values that look like credentials were struck out. */
  readonly struckOut: number
  readonly files: readonly ManifestFile[]
}
export interface ManifestNodes {
  /** null: nobody could say which nodes there are; `missed` says why. */
  readonly wanted: readonly string[] | null
  /** Nodes that answered at least one probe. */
  readonly got: readonly string[]
  readonly missed: readonly Missed[]
  /** Probes without an answer on nodes that gave others. */
  readonly partly: readonly Missed[]
}
export interface ManifestEvidence {
  /** Nodes that show signs of trouble, in the order in which they were asked, before all others. */
  readonly sick: readonly SickNode[]
  /** Nodes without such signs that were asked for comparison. */
  readonly sample: readonly string[]
  /** What was asked and could not be had. */
  readonly missed: readonly Missed[]
  /** What was not asked, or not kept. */
  readonly leftOut: readonly LeftOut[]
  readonly estimate: Estimate
  readonly limits: EvidenceLimits
}
/** The bounds in force. */
export interface EvidenceLimits {
  readonly timeoutMs: number
  /** One exec or request, and all of one node. */
  readonly nodeTimeoutMs: number
  readonly nodeTotalMs: number
  /** Compressed bytes of the archive. */
  readonly maxBytes: number
  readonly maxFileBytes: number
  /** null: logs of any age. */
  readonly sinceSeconds: number | null
  readonly tailLines: number
  readonly sampleNodes: number | 'all'
  readonly concurrency: number
}
export interface Missed {
  readonly node?: string
  readonly source?: string
  readonly why: Why
  readonly detail: string
}
export interface FileOrigin {
  readonly path: string
  /** The command on the node, or what of ours wrote it. */
  readonly source: string
  readonly node?: string
  /** ISO 8601, and milliseconds: when it was asked and how long the answer took. */
  readonly at?: string
  readonly ms?: number
  readonly exit?: number
  /** The answer was longer than what is kept. */
  readonly truncated: boolean
}
export interface ManifestFile extends FileOrigin {
  /** Bytes. */
  readonly size: number
  /** Hexadecimal. */
  readonly sha256: string
  /** Something that looks like a credential was struck out of it. */
  readonly redacted?: boolean
}

/** All but the files, of which there may be tens of thousands. */
export type ManifestHead = Omit<Manifest, 'files'>

/** The whole of `manifest.json`; a file is one line of JSON. */
export function* manifestPieces(head: ManifestHead, files: Iterable<string>): Generator<string> {
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "files": [`
  let separator = ''
  for (const file of files) {
    yield `${separator}\n    ${file}`
    separator = ','
  }
  yield '\n  ]\n}\n'
}
