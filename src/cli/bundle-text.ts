import type {Manifest, ManifestFile, Missed} from '../bundle/manifest.ts'
import {type Pen, penFor, type Screen} from '../reporters/screen.ts'
import type {Collected} from './bundle-collect.ts'

/** So many lines of what was missed; the manifest names all. */
const mostMissed = 20

/** What `bundle collect` says when it is done. */
export function collectedPage({file, manifest}: Collected, screen: Screen): string {
  const pen = penFor(screen)
  const size = manifest.files.reduce((sum, {size}) => sum + size, 0)
  return pen.page([
    `Wrote ${pen.safe(file)}`,
    `  ${manifest.files.length + 1} files, ${bytesText(size)} before compression, ${nodesText(manifest)}`,
    ...(manifest.partial === null ? [] : [`  ${pen.mark('warning')} partial: ${manifest.partial}`]),
    ...(manifest.struckOut > 0 ? [`  ${manifest.struckOut} texts lost what looks like a credential`] : []),
    ...missedLines(manifest, pen),
    `Next  calico-doctor check --bundle ${pen.command(file)}`,
  ])
}

/** 130 interrupted · 3 a node or the list of nodes was not seen, or the time was over · 0. */
export function bundleExitCode({manifest: {nodes, partial}, ended}: Pick<Collected, 'manifest' | 'ended'>): number {
  if (ended === 'interrupted') return 130
  return partial !== null || nodes.wanted === null || nodes.missed.length > 0 ? 3 : 0
}

/** What `bundle show` lists: the manifest's own words, or the bare files where there is none. */
export function contentsPage(manifest: Manifest | undefined, files: readonly Pick<ManifestFile, 'path' | 'size'>[], screen: Screen): string {
  const pen = penFor(screen)
  const sources = new Map(manifest?.files.map(({path, source, truncated}) => [path, truncated ? `${source} (cut)` : source]))
  const width = Math.max(4, ...files.map(({size}) => bytesText(size).length))
  const lines = files.map(({path, size}) => `${bytesText(size).padStart(width)}  ${pen.safe(path, 1_000)}  ${pen.dim(pen.safe(sources.get(path) ?? '', 120))}`)
  return pen.page([...(manifest ? heading(manifest, pen) : ['No manifest.json: this is all that is known of it.']), '', ...lines])
}

function heading(manifest: Manifest, pen: Pen): string[] {
  return [
    `calico-doctor ${pen.safe(manifest.tool.version)}, ${pen.safe(manifest.start)} to ${pen.safe(manifest.end)}, ${nodesText(manifest)}`,
    ...(manifest.partial === null ? [] : [`${pen.mark('warning')} partial: ${pen.safe(manifest.partial)}`]),
    ...missedLines(manifest, pen),
  ]
}

function missedLines({nodes, api}: Manifest, pen: Pen): string[] {
  const all = [...nodes.missed, ...nodes.partly, ...api.missed]
  const more = all.length - mostMissed
  return [
    ...all.slice(0, mostMissed).map(missed => `  ${pen.mark('unknown')} ${pen.safe(missedText(missed))}`),
    ...(more > 0 ? [`  … +${more} more in manifest.json`] : []),
  ]
}

function missedText({node, source, why, detail}: Missed): string {
  const what = [node !== undefined && `node ${node}`, source !== undefined && source].filter(Boolean).join(', ') || 'nodes'
  return `${what}: ${why}${detail === '' ? '' : `, ${detail}`}`
}

function nodesText({nodes: {wanted, got}}: Manifest): string {
  return wanted === null ? 'and nobody could say which nodes there are' : `${got.length} of ${wanted.length} nodes`
}

const units = ['B', 'kB', 'MB', 'GB'] as const
/** `512 B`, `2.0 kB`, `1.5 MB`: powers of 1,000. */
export function bytesText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return power === 0 ? `${bytes} B` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`
}
