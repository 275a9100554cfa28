import type {Manifest} from './manifest.ts'

/** A manifest as far as it is shown, or undefined for what is none. It is only ever printed, never believed. */
export function manifestFrom(text: string): Manifest | undefined {
  try {
    const json = JSON.parse(text) as Manifest
    const {missed: gaps = [], leftOut = []} = json.evidence ?? {}
    const lists = [
      json.files,
      json.nodes.got,
      json.nodes.missed,
      json.nodes.partly,
      json.api.missed,
      json.nodes.wanted ?? [],
      ...leftOut.flatMap(({nodes, what}) => [nodes, what]),
    ]
    const texts = [
      json.tool.version,
      json.start,
      json.end,
      json.partial ?? '',
      ...json.files.flatMap(({path, source}) => [path, source]),
      ...leftOut.flatMap(({why, detail, nodes}) => [why, detail, ...nodes]),
    ]
    const missed = [...json.nodes.missed, ...json.nodes.partly, ...json.api.missed, ...gaps]
    const reasons = missed.flatMap(({node = '', source = '', why, detail}) => [node, source, why, detail])
    return lists.every(Array.isArray) && [...texts, ...reasons].every(item => typeof item === 'string') ? json : undefined
  } catch {
    return undefined
  }
}
