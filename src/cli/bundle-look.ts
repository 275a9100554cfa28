import {stat} from 'node:fs/promises'
import {join} from 'node:path'
import {formatOf} from '../bundle/archive.ts'
import {shapedEvidence} from '../bundle/evidence-shapes.ts'
import {readArchive, readUnpacked} from '../bundle/read.ts'
import {collectors} from '../collectors/index.ts'
import {SourceError, UsageError} from '../engine/errors.ts'
import {nodePatterns} from '../engine/node-pattern.ts'
import {nodesWanted} from '../engine/nodes-wanted.ts'
import {readFacts} from '../engine/read-facts.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {ofBundle} from './bundle-fault.ts'
import type {Look, LookFlags} from './look.ts'
import {timingLines} from './timing.ts'

/** What was seen when the bundle was made, as if it were seen now. `--node` chooses among its nodes. Throws SourceError and UsageError. */
export async function lookIntoBundle(file: string, flags: Pick<LookFlags, 'node' | 'verbose'>): Promise<Look> {
  const saved = shapedEvidence(await snapshotOf(file))
  const snapshot = {...saved, source: {...saved.source, kind: 'bundle', file}, nodesWanted: chosenNodes(file, saved, flags.node ?? [])} as const
  if (flags.verbose) process.stderr.write(timingLines(snapshot))
  return {snapshot, table: readFacts(snapshot, collectors)}
}

/** A bundle of ours, packed or unpacked, or what another tool made. */
async function snapshotOf(file: string): Promise<Snapshot> {
  if (file === '-') return fromStdin()
  const found = await stat(file).catch(() => undefined)
  if (found?.isDirectory()) return (await readUnpacked(join(file, 'snapshot.json'))) ?? foreign(file, ({filesOfFolder}) => filesOfFolder(file))
  const format = found?.isFile() ? await formatOf(file) : 'gzip'
  if (format === 'zip') throw new SourceError(`${file} is a .zip, which is not read.`, 'Unpack it and give the folder, or pack it as .tar.gz.')
  if (format === 'other') return foreign(file, ({filesOfFile}) => filesOfFile(file))
  const {snapshot, paths = []} = await readArchive(file)
  return snapshot ?? foreign(file, ({filesOfArchive}) => filesOfArchive(file, paths))
}

async function fromStdin(): Promise<Snapshot> {
  if (process.stdin.isTTY) throw new UsageError('nothing comes on stdin', 'kubectl get nodes,ippools -A -o yaml | calico-doctor check --bundle -')
  return foreign('-', ({filesOfStream}) => filesOfStream(process.stdin))
}

type Files = typeof import('../bundle/foreign/files.ts')
type Found = Awaited<ReturnType<Files['filesOfFolder']>>

async function foreign(file: string, files: (from: Files) => Found | Promise<Found>): Promise<Snapshot> {
  const [from, {readForeign}] = await Promise.all([import('../bundle/foreign/files.ts'), import('../bundle/foreign/read.ts')])
  return readForeign(file === '-' ? 'stdin' : file, await files(from), collectors)
}

function chosenNodes(file: string, saved: Snapshot, patterns: readonly string[]): Snapshot['nodesWanted'] {
  if (patterns.length === 0) return saved.nodesWanted
  return ofBundle(file, () => {
    const table = readFacts(saved, collectors)
    return table.kubeNodes.known ? nodesWanted(table, patterns) : namedNodes(saved.nodesWanted, patterns)
  })
}

/** Without a list of nodes there are the names of those that were asked. */
function namedNodes(wanted: Snapshot['nodesWanted'], patterns: readonly string[]): Snapshot['nodesWanted'] {
  if (!wanted.known) return wanted
  const chosen = nodePatterns(patterns)
  const none = chosen.find(({matches}) => !wanted.value.some(name => matches({name, labels: {}})))
  if (none) throw new UsageError(`no node matches ${JSON.stringify(none.text)}`, `Known nodes: ${wanted.value.slice(0, 5).join(', ')}`)
  return {...wanted, value: wanted.value.filter(name => chosen.some(({matches}) => matches({name, labels: {}})))}
}
