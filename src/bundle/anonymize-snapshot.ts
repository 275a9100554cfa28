import type {Collected} from '../engine/collected.ts'
import type {ProbeOutput} from '../engine/collector.ts'
import {type Packed, pack, unpack} from '../engine/packed.ts'
import type {Snapshot, Take} from '../engine/snapshot.ts'
import type {Anonymizer} from './anonymize.ts'
import {kindOfNames} from './anonymize-harvest.ts'
import {anonymizeJson} from './anonymize-json.ts'

/** The snapshot with pseudonyms in place of names and addresses; what is judged afterwards is judged of them. Same shape, same sizes of lists, same times. */
export function anonymizeSnapshot(snapshot: Snapshot, anonymizer: Anonymizer): Snapshot {
  const {source, settings, nodesWanted, evidence} = snapshot
  return {
    ...snapshot,
    source: {
      kind: source.kind,
      ...(source.context !== undefined && {context: anonymizer.pseudonymOf(source.context)?.name ?? 'context'}),
      ...(source.server !== undefined && {server: anonymizer.text(source.server)}),
      ...(source.file !== undefined && {file: 'bundle.tar.gz'}),
    },
    settings: {...settings, nodes: settings.nodes.map(pattern => patternOf(pattern, anonymizer))},
    nodesWanted: nodesWanted.known
      ? {
          ...nodesWanted,
          value: nodesWanted.value.map(anonymizer.name),
          ...(nodesWanted.partial !== undefined && {partial: anonymizer.text(nodesWanted.partial)}),
        }
      : {...nodesWanted, detail: anonymizer.text(nodesWanted.detail)},
    evidence: Object.fromEntries(Object.entries(evidence).map(([name, takes]) => [name, takes.map(take => anonymizeTake(name, take, anonymizer))])),
  }
}

/** A pattern tells names by its letters. */
export function patternOf(pattern: string, anonymizer: Anonymizer): string {
  return anonymizer.pseudonymOf(pattern) ? anonymizer.name(pattern) : '(pattern)'
}

function anonymizeTake(source: string, take: Take, anonymizer: Anonymizer): Take {
  if (take.node === undefined) return {...take, data: ofApi(take.data, source, anonymizer)}
  return {...take, node: anonymizer.name(take.node), data: ofNode(take.data, anonymizer)}
}

function ofApi(data: Collected<unknown>, source: string, anonymizer: Anonymizer): Collected<unknown> {
  if (!data.known) return {...data, detail: anonymizer.text(data.detail)}
  return {
    known: true,
    value: anonymizeJson(data.value, anonymizer, kindOfNames(source)),
    ...(data.partial !== undefined && {partial: anonymizer.text(data.partial)}),
  }
}

function ofNode(data: Collected<unknown>, anonymizer: Anonymizer): Collected<unknown> {
  if (!data.known) return {...data, detail: anonymizer.text(data.detail)}
  const {argv, stdout, stderr, cut, ...rest} = unpack(data.value as ProbeOutput & Packed)
  const value = {
    ...rest,
    argv: argv.map(anonymizer.text),
    stdout: anonymizer.text(stdout),
    stderr: anonymizer.text(stderr),
    ...(cut !== undefined && {cut: anonymizer.text(cut)}),
  }
  return pack({known: true, value, ...(data.partial !== undefined && {partial: anonymizer.text(data.partial)})})
}
