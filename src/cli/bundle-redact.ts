import {randomBytes} from 'node:crypto'
import {access, stat} from 'node:fs/promises'
import {basename, dirname, resolve} from 'node:path'
import {anonymizedFiles, anonymizedHead, type OpenedBundle, openForAnonymizing} from '../bundle/anonymize-bundle.ts'
import {namesPath, namesText} from '../bundle/anonymize-names-file.ts'
import {leftoverSearch} from '../bundle/anonymize-search.ts'
import {anonymizeSnapshot} from '../bundle/anonymize-snapshot.ts'
import {leftoverIn} from '../bundle/anonymize-verify.ts'
import {type Aside, alreadyThere, cannotWrite, openAside} from '../bundle/aside.ts'
import {reportFile, snapshotFile} from '../bundle/contents.ts'
import {shapedEvidence} from '../bundle/evidence-shapes.ts'
import {bundleSchema, type Manifest} from '../bundle/manifest.ts'
import {apiOf, nodesOf} from '../bundle/missed.ts'
import {readBundle} from '../bundle/read.ts'
import {redactSnapshot} from '../bundle/redact-snapshot.ts'
import {type Fill, writeArchive} from '../bundle/write.ts'
import {loadChecks} from '../checks/index.ts'
import {collectors} from '../collectors/index.ts'
import {SourceError} from '../engine/errors.ts'
import {readFacts} from '../engine/read-facts.ts'
import {report} from '../engine/report.ts'
import {render} from '../reporters/index.ts'
import {ofBundle} from './bundle-fault.ts'
import {interruptible} from './interrupt.ts'
import {version} from './package.ts'

export interface RedactOptions {
  /** Final name of the bundle. */
  readonly output: string
  /** Say what is left, if something is. */
  readonly verbose?: boolean
}
export interface Redacted {
  readonly file: string
  /** Bytes. */
  readonly size: number
  /** Where the way back from pseudonyms is. */
  readonly names: string
  readonly manifest: Manifest
  /** How many originals were replaced, by kind. */
  readonly replaced: ReadonlyMap<string, number>
}

/** `incident.anonymous.tar.gz` beside `incident.tar.gz`. */
export const redactedName = (file: string): string => resolve(dirname(file), `${basename(file).replace(/\.(?:tar\.gz|tgz)$/, '')}.anonymous.tar.gz`)

/**
 * An existing bundle with names and addresses replaced, judged anew, searched for what is left, and only then given its name; the map of the names beside it.
 * Throws SourceError when it is no bundle, cannot be written, or when something is left.
 */
export async function redactBundle(file: string, {output, verbose = false}: RedactOptions): Promise<Redacted> {
  for (const path of [output, namesPath(output)]) await assertNew(path)
  const aside = await openAside(dirname(output))
  try {
    return await interruptible(() => redactAside(file, {output, verbose}, aside))
  } catch (error) {
    await aside.discard()
    throw error
  }
}

async function redactAside(file: string, {output, verbose}: Required<RedactOptions>, aside: Aside): Promise<Redacted> {
  const {opened, manifest} = await written(file, aside)
  const {replaced} = opened.anonymizer
  await assertNothingLeft(aside.path, replaced, verbose)
  const {size} = await stat(aside.path)
  await writeNames(output, namesText(basename(output), replaced))
  await aside.finish(resolve(output))
  const counts = new Map([...Map.groupBy(replaced.values(), ({kind}) => kind)].map(([kind, all]) => [kind, all.length]))
  return {file: output, size, names: namesPath(output), manifest, replaced: counts}
}

async function written(file: string, aside: Aside): Promise<{opened: OpenedBundle; manifest: Manifest}> {
  const {value: snapshot, struckOut} = redactSnapshot(shapedEvidence(await readBundle(file)))
  const opened = await openForAnonymizing(file, snapshot, randomBytes(32))
  const hidden = ofBundle(file, () => anonymizeSnapshot(snapshot, opened.anonymizer))
  const checks = await loadChecks()
  const judged = ofBundle(file, () => report(hidden, readFacts(hidden, collectors), checks, {version}))
  const fill: Fill = async archive => {
    await archive.addAnyway(snapshotFile(hidden))
    for (const format of ['json', 'html'] as const)
      await archive.addAnyway(reportFile(format, render(judged, format, {width: 100, colour: false, unicode: true})))
    let struck = struckOut
    for await (const {struckOut: more, ...one} of anonymizedFiles(file, opened)) {
      await archive.addAnyway(one)
      struck += Number(more)
    }
    const {takenAt} = hidden
    const head = opened.manifest
      ? anonymizedHead(opened.manifest, opened.anonymizer)
      : {tool: {name: 'calico-doctor' as const, version}, arguments: [], start: takenAt, partial: null}
    return {...head, schema: bundleSchema, nodes: nodesOf(hidden), api: apiOf(hidden), struckOut: (opened.manifest?.struckOut ?? 0) + struck, anonymized: true}
  }
  return {opened, manifest: await writeArchive(aside, fill)}
}

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

async function writeNames(output: string, text: string): Promise<void> {
  const aside = await openAside(dirname(output))
  try {
    await aside.handle.writeFile(text)
    await aside.handle.sync()
    await aside.finish(resolve(namesPath(output)))
    await aside.handle.close()
  } catch (error) {
    await aside.discard()
    throw cannotWrite(namesPath(output), error)
  }
}

async function assertNew(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  if (exists) throw alreadyThere(path)
}
