import {access} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {type Aside, alreadyThere, openAside} from '../bundle/aside.ts'
import {type BundleFile, nodeFiles, reportFile, snapshotFile} from '../bundle/contents.ts'
import {bundleSchema, type Manifest} from '../bundle/manifest.ts'
import {apiOf, nodesOf} from '../bundle/missed.ts'
import {safePart} from '../bundle/paths.ts'
import {redact} from '../bundle/redact.ts'
import {redactSnapshot} from '../bundle/redact-snapshot.ts'
import {writeArchive} from '../bundle/write.ts'
import {loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import {readFacts} from '../engine/read-facts.ts'
import {type Report, report} from '../engine/report.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {render} from '../reporters/index.ts'
import {type Kept, keeping} from './bundle-keep.ts'
import {interruptible} from './interrupt.ts'
import {type LookFlags, lookWithin} from './look.ts'
import {nodeStatusFacts, wideFacts} from './node-status.ts'
import {version} from './package.ts'

export interface BundleCollectFlags extends LookFlags {
  readonly file?: string | undefined
  readonly wide: boolean
}
export interface Collected {
  readonly file: string
  readonly manifest: Manifest
  readonly ended?: 'interrupted' | 'timeout'
}

/** Looks once with all checks and keeps all that was seen. Throws SourceError when there is nothing to look at or no place to write, Interrupted when nothing was kept. */
export async function collectBundle(flags: BundleCollectFlags, argv: readonly string[]): Promise<Collected> {
  if (flags.file !== undefined) await assertNew(flags.file)
  const aside = await openAside(dirname(flags.file ?? '.'))
  try {
    return await collectAside(flags, argv, aside)
  } catch (error) {
    await aside.discard()
    throw error
  }
}

async function collectAside(flags: BundleCollectFlags, argv: readonly string[], aside: Aside): Promise<Collected> {
  const start = new Date()
  const checks = await loadChecks()
  const facts = [...nodeStatusFacts, ...(flags.wide ? wideFacts : [])]
  const {value, ended} = await keeping(flags.timeout, signal => lookWithin(flags, {checks, facts}, signal))
  const look = {start, value: value.snapshot, ...(ended && {ended})}
  const kept = await interruptible(() => keep(flags, argv, aside, look))
  return {...kept, ...(ended && {ended})}
}

interface Looked extends Kept<Snapshot> {
  readonly start: Date
}

/** Judged as it will be judged from the bundle: after credentials were struck out. */
async function keep(flags: BundleCollectFlags, argv: readonly string[], aside: Aside, {value, ended, start}: Looked): Promise<Collected> {
  const {value: snapshot, struckOut} = redactSnapshot(value)
  const judged = report(snapshot, readFacts(snapshot, collectors), await loadChecks(), {version})
  const manifest = await writeArchive(aside, filesOf(snapshot, judged), {
    schema: bundleSchema,
    tool: {name: 'calico-doctor', version},
    arguments: redact([...argv]).value,
    start: start.toISOString(),
    partial: ended === undefined ? null : reasons[ended],
    nodes: nodesOf(snapshot),
    api: apiOf(snapshot),
    struckOut,
  })
  const file = flags.file ?? defaultName(snapshot, start)
  await aside.finish(resolve(file))
  return {file, manifest}
}

const reasons = {
  interrupted: 'interrupted before everything was asked',
  timeout: 'the time (--timeout) was over before everything was asked',
} as const
const plain = {width: 100, colour: false, unicode: true}

function* filesOf(snapshot: Snapshot, judged: Report): Generator<BundleFile> {
  yield snapshotFile(snapshot)
  for (const format of ['json', 'html'] as const) yield reportFile(format, render(judged, format, plain))
  yield* nodeFiles(snapshot)
}

/** `calico-doctor-prod-20261121T045200Z.tar.gz`: UTC. */
function defaultName({source}: Snapshot, start: Date): string {
  const time = start.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  return `calico-doctor-${safePart(source.context ?? 'node')}-${time}.tar.gz`
}

async function assertNew(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (exists) throw alreadyThere(file)
}
