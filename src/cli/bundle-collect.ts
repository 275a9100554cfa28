import {access, stat} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import {namesPath} from '../bundle/anonymize-names-file.ts'
import {type Aside, alreadyThere, openAside} from '../bundle/aside.ts'
import {stopwatch} from '../bundle/log-text.ts'
import type {ManifestHead} from '../bundle/manifest.ts'
import {safePart} from '../bundle/paths.ts'
import {writeArchive} from '../bundle/write.ts'
import type {Source} from '../engine/snapshot.ts'
import {fillBundle} from './bundle-fill.ts'
import type {BundleCollectFlags} from './bundle-flags.ts'
import {lookAndJudge} from './bundle-judge.ts'
import {type Ending, keeping} from './bundle-keep.ts'
import {namesInCluster} from './bundle-redact-names.ts'
import {type Redacted, type RedactOptions, redactAside} from './bundle-redact-write.ts'
import {keepHeapSmall} from './small-heap.ts'
import {waysIn} from './ways.ts'

export interface Collected {
  readonly file: string
  /** Bytes of the file. */
  readonly size: number
  /** How many files are in it, and their bytes before compression. */
  readonly files: number
  readonly inflated: number
  readonly manifest: ManifestHead
  readonly ended?: 'interrupted' | 'timeout'
  /** With --anonymize. */
  readonly redacted?: Redacted
}

/**
 * Looks with all checks, judges, asks for raw evidence, and writes each as it comes. Throws SourceError when there is nothing to look at or no place to write,
 * Interrupted when nothing was kept.
 */
export async function collectBundle(flags: BundleCollectFlags, argv: readonly string[]): Promise<Collected> {
  if (flags.file !== undefined) await assertNew(flags.file)
  if (flags.file !== undefined && flags.anonymize) await assertNew(namesPath(flags.file))
  const aside = await openAside(dirname(flags.file ?? '.'))
  const asides = [aside]
  const letHeapBe = keepHeapSmall()
  try {
    return await keeping(flags.timeout, ending => collectAside(flags, argv, {aside, asides, ending}))
  } catch (error) {
    for (const one of asides) await one.discard()
    throw error
  } finally {
    letHeapBe()
  }
}

interface Surroundings {
  readonly aside: Aside
  /** All that go when nothing is kept. */
  readonly asides: Aside[]
  readonly ending: Ending
}

async function collectAside(flags: BundleCollectFlags, argv: readonly string[], {aside, asides, ending}: Surroundings): Promise<Collected> {
  const start = new Date()
  const watch = stopwatch()
  watch.next('reach the cluster')
  const ways = await ending.asking(waysIn(flags, ending.signal, process.env))
  try {
    const names = flags.anonymize ? await ending.asking(namesInCluster(ways.cluster)) : undefined
    const look = await lookAndJudge(ways, flags, {ending, watch})
    const {source} = look
    const {manifest, files, bytes} = await writeArchive(aside, fillBundle(look, ways, {flags, argv, start, watch, ending}), {maxBytes: flags['max-size']})
    const ended = manifest.partial === null ? undefined : ending.why()
    if (names) {
      const output = flags.file ?? defaultName({context: 'anonymous'}, start)
      return {...(await anonymized({aside, asides}, {output, verbose: flags.verbose ?? false}, names)), ...(ended && {ended})}
    }
    const {size} = await stat(aside.path)
    const file = flags.file ?? defaultName(source, start)
    await aside.finish(resolve(file))
    return {file, size, files, inflated: bytes, manifest, ...(ended && {ended})}
  } finally {
    ways.close()
  }
}

/** Logs and dumps name what no fact does: so it is collected whole first, on this machine alone, and goes as soon as the other is written. */
async function anonymized(
  {aside: whole, asides}: Pick<Surroundings, 'aside' | 'asides'>,
  options: RedactOptions,
  {more, unseen}: Awaited<ReturnType<typeof namesInCluster>>,
): Promise<Collected> {
  if (unseen.length > 0) process.stderr.write(`Could not be listed: ${unseen.join(', ')}. Names that only logs know may be left in prose.\n`)
  const aside = await openAside(dirname(options.output))
  asides.push(aside)
  const redacted = await redactAside(whole.path, {...options, more}, aside)
  await whole.discard()
  return {...redacted, redacted}
}

/** `calico-doctor-prod-20261121T045200Z.tar.gz`: UTC. */
export function defaultName({context}: Pick<Source, 'context'>, start: Date): string {
  const time = start.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  return `calico-doctor-${safePart(context ?? 'node')}-${time}.tar.gz`
}

async function assertNew(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (exists) throw alreadyThere(file)
}
