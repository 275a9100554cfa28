import {randomBytes} from 'node:crypto'
import {stat} from 'node:fs/promises'
import {basename, dirname, resolve} from 'node:path'
import {anonymizedFiles, anonymizedHead, type OpenedBundle, openForAnonymizing} from '../bundle/anonymize-bundle.ts'
import {namesPath, namesText} from '../bundle/anonymize-names-file.ts'
import {leftoverSearch} from '../bundle/anonymize-search.ts'
import {anonymizeSnapshot} from '../bundle/anonymize-snapshot.ts'
import {leftoverIn} from '../bundle/anonymize-verify.ts'
import {type Aside, cannotWrite, openAside} from '../bundle/aside.ts'
import {type BundleFile, reportFile, snapshotFile} from '../bundle/contents.ts'
import {shapedEvidence} from '../bundle/evidence-shapes.ts'
import {bundleSchema, type ManifestHead} from '../bundle/manifest.ts'
import {apiOf, nodesOf} from '../bundle/missed.ts'
import {readBundle} from '../bundle/read.ts'
import {redactSnapshot} from '../bundle/redact-snapshot.ts'
import {type Fill, type Written, writeArchive} from '../bundle/write.ts'
import {loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import {SourceError} from '../engine/errors.ts'
import {readFacts} from '../engine/read-facts.ts'
import {report} from '../engine/report.ts'
import type {Snapshot} from '../engine/snapshot.ts'
import {render} from '../reporters/index.ts'
import {ofBundle} from './bundle-fault.ts'
import type {MoreNames} from './bundle-redact-names.ts'
import {version} from './package.ts'

export interface RedactOptions {
  /** Final name of the bundle. */
  readonly output: string
  /** Say what is left, if something is. */
  readonly verbose?: boolean
  /** Names beside those that the bundle tells. */
  readonly more?: MoreNames
}
export interface Redacted {
  readonly file: string
  /** Bytes of the file. */
  readonly size: number
  /** How many files are in it, and their bytes before compression. */
  readonly files: number
  readonly inflated: number
  /** Where the way back from pseudonyms is. */
  readonly names: string
  readonly manifest: ManifestHead
  /** How many originals were replaced, by kind. */
  readonly replaced: ReadonlyMap<string, number>
}

/**
 * The bundle with names and addresses replaced, judged anew, searched for what is left, and only then given its name; the map of the names beside it. `aside` is
 * of the caller, who discards it when this throws.
 */
export async function redactAside(file: string, {output, verbose = false, more}: RedactOptions, aside: Aside): Promise<Redacted> {
  const {opened, manifest, files, bytes} = await written(file, aside, more)
  const {replaced} = opened.anonymizer
  await assertNothingLeft(aside.path, replaced, verbose)
  const {size} = await stat(aside.path)
  const names = await namesAside(output, namesText(basename(output), replaced))
  try {
    await aside.finish(resolve(output))
    await names.finish(resolve(namesPath(output)))
  } catch (error) {
    await names.discard()
    throw error
  }
  const counts = new Map([...Map.groupBy(replaced.values(), ({kind}) => kind)].map(([kind, all]) => [kind, all.length]))
  return {file: output, size, files, inflated: bytes, names: namesPath(output), manifest, replaced: counts}
}

interface Hidden {
  readonly opened: OpenedBundle
  readonly snapshot: Snapshot
  readonly struckOut: number
}

/** Holds the original no longer than it takes. */
async function hiddenSnapshot(file: string, more: MoreNames | undefined): Promise<Hidden> {
  const {value, struckOut} = redactSnapshot(shapedEvidence(await readBundle(file)))
  await rest()
  const opened = await openForAnonymizing(file, value, {key: randomBytes(32), more})
  const snapshot = await anonymizeSnapshot(value, opened.anonymizer, rest).catch((error: unknown) =>
    ofBundle(file, () => {
      throw error
    }),
  )
  return {opened, snapshot, struckOut}
}

async function written(file: string, aside: Aside, more: MoreNames | undefined): Promise<Written & {readonly opened: OpenedBundle}> {
  const hidden = await hiddenSnapshot(file, more)
  const {opened} = hidden
  return {opened, ...(await writeArchive(aside, fillOf(file, hidden, await judgedPages(file, hidden.snapshot))))}
}

/** What the copy says of itself comes from judging the copy. */
async function judgedPages(file: string, snapshot: Snapshot): Promise<BundleFile[]> {
  await rest()
  const checks = await loadChecks()
  const judged = ofBundle(file, () => report(snapshot, readFacts(snapshot, collectors), checks, {version}))
  return (['json', 'html'] as const).map(format => reportFile(format, render(judged, format, {width: 100, colour: false, unicode: true})))
}

function fillOf(file: string, {opened, snapshot, struckOut}: Hidden, pages: readonly BundleFile[]): Fill {
  return async archive => {
    for (const one of [snapshotFile(snapshot), ...pages]) await archive.addAnyway(one)
    let struck = struckOut
    for await (const {struckOut: more, ...one} of anonymizedFiles(file, opened)) {
      await archive.addAnyway(one)
      struck += Number(more)
    }
    const {manifest, anonymizer} = opened
    const head = manifest ? anonymizedHead(manifest, anonymizer) : {tool, arguments: [], start: snapshot.takenAt, partial: null}
    return {...head, schema: bundleSchema, nodes: nodesOf(snapshot), api: apiOf(snapshot), struckOut: (manifest?.struckOut ?? 0) + struck, anonymized: true}
  }
}
const tool = {name: 'calico-doctor', version} as const

/** Lets what waits for a turn have it. */
const rest = () => new Promise<void>(resolve => setImmediate(resolve))

async function assertNothingLeft(path: string, replaced: OpenedBundle['anonymizer']['replaced'], verbose: boolean): Promise<void> {
  const found = await leftoverIn(path, leftoverSearch(replaced))
  if (!found) return
  if (verbose) process.stderr.write(`${JSON.stringify(found.original)} in ${JSON.stringify(found.path)}\n`)
  const article = /^[aeiou]/.test(found.kind) ? 'an' : 'a'
  throw new SourceError(
    `${article[0]!.toUpperCase()}${article.slice(1)} ${found.kind} of the cluster would have been left in ${found.path}, so nothing was written.`,
    '-v says which. Please report the form in which it stands there.',
  )
}

/** Complete on disk, and without its name until the bundle has its own. */
async function namesAside(output: string, text: string): Promise<Aside> {
  const aside = await openAside(dirname(output))
  try {
    await aside.handle.writeFile(text)
    await aside.handle.sync()
    await aside.handle.close()
    return aside
  } catch (error) {
    await aside.discard()
    throw cannotWrite(namesPath(output), error)
  }
}
