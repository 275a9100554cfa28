import type {Manifest, ManifestEvidence, ManifestFile, ManifestHead, ManifestNodes, Missed} from '../bundle/manifest.ts'
import {nodeList} from '../calico/node-list.ts'
import type {Why} from '../engine/collected.ts'
import {type Pen, penFor, type Screen} from '../reporters/screen.ts'
import type {Collected} from './bundle-collect.ts'
import type {EvidencePlan} from './bundle-plan.ts'
import {redactedLines} from './bundle-redact-text.ts'
import {bytesText, counted, durationText} from './bundle-words.ts'

/** So many lines of what was missed; the manifest names all. */
const mostMissed = 12
/** More causes than this are put together by their sort. */
const mostCauses = 6

/** Before anything is asked for people to read: what it will be. */
export function estimateText({sick, sample, tasks, estimate}: EvidencePlan, {wanted}: Pick<ManifestNodes, 'wanted'>): string {
  if (tasks.length === 0) return ''
  const asked = sick.length + sample.length
  const of = asked === 0 ? 'the API' : `${estimate.nodes} of ${counted(wanted?.length ?? 0, 'node')} (${signsText(sick.length, sample.length)})`
  return `Raw evidence of ${of}: about ${bytesText(estimate.bytes)} before compression, about ${durationText(estimate.ms)}. Ctrl-C keeps what there is.\n`
}

const signsText = (sick: number, sample: number) => `${sick} with signs of trouble, ${sample} for comparison`

/** What `bundle collect` says when it is done. */
export function collectedPage({file, size, files, inflated, manifest, redacted}: Collected, screen: Screen): string {
  const pen = penFor(screen)
  const {evidence} = manifest
  return pen.page([
    `Wrote ${pen.safe(file)}`,
    `  ${bytesText(size)} (${bytesText(inflated)} before compression), ${files} files, ${nodesText(manifest)}`,
    ...(evidence && evidence.sick.length + evidence.sample.length > 0 ? [`  raw evidence: ${signsText(evidence.sick.length, evidence.sample.length)}`] : []),
    ...(manifest.partial === null ? [] : pen.lines(manifest.partial, `  ${pen.mark('warning')} partial: `, 4)),
    ...tooLarge(size, evidence?.limits, pen),
    ...(manifest.struckOut > 0 ? [`  ${manifest.struckOut} texts lost what looks like a credential`] : []),
    ...(redacted ? redactedLines(redacted, pen) : []),
    ...missedLines(manifest, pen),
    `Next  calico-doctor check --bundle ${pen.command(file)}`,
  ])
}

/** The look, the report and the manifest are what the rest is for, and are kept whatever they take. */
function tooLarge(size: number, limits: ManifestEvidence['limits'] | undefined, pen: Pen): string[] {
  if (limits === undefined || size <= limits.maxBytes) return []
  return pen.lines(`larger than --max-size (${bytesText(limits.maxBytes)}): the look alone, which is always kept, takes more`, `  ${pen.mark('warning')} `, 4)
}

/** 130 interrupted · 3 a node or the list of nodes was not seen, or the time was over · 0. */
export function bundleExitCode({manifest: {nodes, partial}, ended}: Pick<Collected, 'manifest' | 'ended'>): number {
  if (ended === 'interrupted') return 130
  return partial !== null || nodes.wanted === null || nodes.missed.length > 0 ? 3 : 0
}

/** What `bundle show` lists: the manifest's own words, or the bare files where there is none. `unread`: why there is no more of it. */
export function contentsPage(manifest: Manifest | undefined, files: readonly Listed[], screen: Screen, unread?: string): string {
  const pen = penFor(screen)
  const head = manifest ? heading(manifest, pen) : unread === undefined ? ['No manifest.json: this is all that is known of it.'] : []
  return pen.page([...head, ...(unread === undefined ? [] : pen.lines(pen.safe(unread), `${pen.mark('warning')} `, 2)), '', ...fileLines(files, manifest, pen)])
}

export type Listed = Pick<ManifestFile, 'path' | 'size'>

/** The files of one folder of a bundle. */
export const folderPage = (files: readonly Listed[], screen: Screen): string => {
  const pen = penFor(screen)
  return pen.page(fileLines(files, undefined, pen))
}

/** A path is never cut, so that it can be pasted; where it comes from is told as far as the line goes. */
function fileLines(files: readonly Listed[], manifest: Manifest | undefined, pen: Pen): string[] {
  const sources = new Map(manifest?.files.map(({path, source, truncated}) => [path, truncated ? `${source} (cut)` : source]))
  const width = files.reduce((widest, {size}) => Math.max(widest, bytesText(size).length), 4)
  return files.toSorted(byPlace).map(({path, size}) => {
    const line = `${bytesText(size).padStart(width)}  ${pen.safe(path, 1_000)}`
    const room = pen.screen.width - line.length - 2
    return room < fewest ? line : `${line}  ${pen.dim(pen.safe(sources.get(path) ?? '', Math.min(room, 120)))}`
  })
}
/** What is of the whole first, then folder by folder. */
function byPlace({path: a}: Listed, {path: b}: Listed): number {
  const below = Number(a.includes('/')) - Number(b.includes('/'))
  return below === 0 ? (a < b ? -1 : Number(a > b)) : below
}

/** Columns that tell something. */
const fewest = 8

function heading(manifest: Manifest, pen: Pen): string[] {
  return [
    ...pen.lines(`calico-doctor ${pen.safe(manifest.tool.version)}, ${pen.safe(manifest.start)} to ${pen.safe(manifest.end)}, ${nodesText(manifest)}`),
    ...(manifest.anonymized === true ? ['Names, addresses and domains are pseudonyms.'] : []),
    ...(manifest.partial === null ? [] : [`${pen.mark('warning')} partial: ${pen.safe(manifest.partial)}`]),
    ...missedLines(manifest, pen),
  ]
}

/** One line a cause, the manifest's order. */
function missedLines({nodes, api, evidence}: ManifestHead, pen: Pen): string[] {
  const looked = grouped([...nodes.missed, ...nodes.partly, ...api.missed])
  const lines = [...looked, ...evidenceMissed(evidence?.missed ?? []), ...leftOutLines(evidence)]
  const more = lines.length - mostMissed
  const isForbidden = [...nodes.missed, ...nodes.partly, ...api.missed, ...(evidence?.missed ?? [])].some(({why}) => why === 'forbidden')
  return [
    ...lines.slice(0, mostMissed).flatMap(line => pen.lines(pen.safe(line, 240), `  ${pen.mark('unknown')} `, 4)),
    ...(more > 0 ? [`  … +${more} more in manifest.json`] : []),
    ...(isForbidden ? ['    calico-doctor bundle collect --print-rbac prints the rights that it needs.'] : []),
  ]
}

function grouped(missed: readonly Missed[]): string[] {
  const groups = Map.groupBy(missed, ({node, source = '', why, detail}) =>
    [node === undefined, source, why, node ? detail.replaceAll(node, '<node>') : detail].join('\0'),
  )
  if (groups.size <= mostCauses) return [...groups.values()].map(group => missedText(group))
  // Causes that differ in wording only, as by the name of a pod: one line for each sort, with the first as an example.
  return [...Map.groupBy(missed, ({node, why}) => `${node === undefined}\0${why}`).values()].map(group => missedText(group, ', and the like'))
}

/** `node a: timeout, no complete answer in 15 s`; of many nodes their number and the first. */
function missedText(group: readonly Missed[], others = ''): string {
  const [{source, why, detail}] = group as [Missed]
  const names = [...new Set(group.flatMap(({node}) => node ?? []))]
  const what = [names.length > 0 && nodeList(names), source].filter(Boolean).join(', ') || 'nodes'
  return `${what}: ${why}${detail === '' ? '' : `, ${detail}`}${group.length > 1 ? others : ''}`
}

const becameOf: Readonly<Record<Why, string>> = {
  absent: 'not there',
  forbidden: 'forbidden',
  timeout: 'not in time',
  unreachable: 'unreachable',
  failed: 'failed',
  'not-collected': 'not asked',
}

/** What a node lacks is no news; of the rest one line for each sort of cause, with the first as an example. */
function evidenceMissed(missed: readonly Missed[]): string[] {
  const groups = Map.groupBy(missed, ({why}) => why)
  groups.delete('absent')
  return [...groups].map(([why, group]) => {
    const nodes = [...new Set(group.flatMap(({node}) => node ?? []))]
    const [{source, detail}] = group as [Missed]
    const example = [source, detail].filter(Boolean).join(': ')
    return `raw evidence${nodes.length > 0 ? ` of ${nodeList(nodes)}` : ''}: ${counted(group.length, 'answer')} ${becameOf[why]}, for example ${example}`
  })
}

function leftOutLines(evidence: ManifestEvidence | undefined): string[] {
  return (evidence?.leftOut ?? []).flatMap(({why, detail, nodes, what}) => {
    // Chosen, not missed; and who said nothing in the look was named already.
    if (why === 'sample' || why === 'silent') return []
    return [`left out of ${nodes.length > 0 ? nodeList(nodes) : counted(what.length, 'piece')}: ${detail}`]
  })
}

function nodesText({nodes: {wanted, got}}: Pick<ManifestHead, 'nodes'>): string {
  return wanted === null ? 'and nobody could say which nodes there are' : `${got.length} of ${wanted.length} nodes`
}
