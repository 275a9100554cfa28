import type {ProbeOutput} from '../engine/collector.ts'
import {type Packed, unpack} from '../engine/packed.ts'
import type {Snapshot, Take} from '../engine/snapshot.ts'
import type {FileOrigin} from './manifest.ts'
import {nodePath, nothingPrinted, stderrPath} from './paths.ts'

/** One file to be written. `text` is read twice, once to measure and once to write, and gives the same pieces each time. */
export interface BundleFile extends FileOrigin {
  readonly text: () => Iterable<string>
  /** Something that looks like a credential was struck out of it. */
  readonly redacted?: boolean
}

/** Our own notes: what was done, how long it took, what came of it. */
export const logFile = (text: string): BundleFile => ({path: 'log.txt', source: 'calico-doctor: what it did', truncated: false, text: () => [text]})

/** `snapshot.json`, the look as data: what `check --bundle` reads. */
export const snapshotFile = (snapshot: Snapshot): BundleFile => ({
  path: 'snapshot.json',
  source: 'calico-doctor: all that was seen',
  at: snapshot.takenAt,
  ms: snapshot.durationMs,
  truncated: false,
  text: () => snapshotText(snapshot),
})

export const reportFile = (format: 'json' | 'html', text: string): BundleFile => ({
  path: `report.${format}`,
  source: `calico-doctor check -o ${format}`,
  truncated: false,
  text: () => [text],
})

/** Answer by answer, so that memory never holds the whole document. */
function* snapshotText({evidence, ...rest}: Snapshot): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"evidence":{`
  for (const [index, [source, takes]] of Object.entries(evidence).entries()) {
    yield `${index === 0 ? '' : ','}\n${JSON.stringify(source)}:[`
    for (const [at, take] of takes.entries()) yield `${at === 0 ? '' : ','}\n${JSON.stringify(take)}`
    yield ']'
  }
  yield '}}\n'
}

/** What each node said, one file a probe, for people who read rather than run. */
export function* nodeFiles({evidence}: Snapshot): Generator<BundleFile> {
  for (const [source, takes] of Object.entries(evidence)) {
    const counts = new Map<string, number>()
    for (const take of takes) {
      if (take.node === undefined) continue
      const count = (counts.get(take.node) ?? 0) + 1
      counts.set(take.node, count)
      yield* filesOf(take, take.node, nodePath(take.node, source, count))
    }
  }
}

function* filesOf({data, at, ms}: Take, node: string, path: string): Generator<BundleFile> {
  if (!data.known) return
  const {argv, exit, stderr, cut} = data.value as ProbeOutput & Packed
  const output = () => unpack(data.value as ProbeOutput & Packed)
  const origin = {source: argv.join(' '), node, at, ms, exit, truncated: cut !== undefined || data.partial !== undefined}
  yield {path, ...origin, text: () => [output().stdout || nothingPrinted(origin.source, exit)]}
  if (stderr.trim() !== '') yield {path: stderrPath(path), ...origin, text: () => [stderr]}
}
