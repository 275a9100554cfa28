import type {Manifest} from './manifest.ts'

/** A manifest as far as it is shown, or undefined for what is none. It is only ever printed, never believed. */
export function manifestFrom(text: string): Manifest | undefined {
  try {
    const json = JSON.parse(text) as Manifest
    const lists = [json.files, json.nodes.got, json.nodes.missed, json.nodes.partly, json.api.missed, json.nodes.wanted ?? []]
    const texts = [json.tool.version, json.start, json.end, json.partial ?? '', ...json.files.flatMap(({path, source}) => [path, source])]
    const missed = [...json.nodes.missed, ...json.nodes.partly, ...json.api.missed]
    const reasons = missed.flatMap(({node = '', source = '', why, detail}) => [node, source, why, detail])
    return lists.every(Array.isArray) && [...texts, ...reasons].every(item => typeof item === 'string') ? json : undefined
  } catch {
    return undefined
  }
}
