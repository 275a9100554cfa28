import type {Collected} from '../engine/collected.ts'
import type {ProbeOutput} from '../engine/collector.ts'
import {type Packed, pack, unpack} from '../engine/packed.ts'
import type {Snapshot, Take} from '../engine/snapshot.ts'
import type {Anonymizer} from './anonymize.ts'
import {kindOfNames} from './anonymize-harvest.ts'
import {anonymizeJson} from './anonymize-json.ts'

/**
 * The snapshot with pseudonyms in place of names and addresses; what is judged afterwards is judged of them. Same shape, same sizes of lists, same times.
 * `rest` is awaited now and then, for at a thousand nodes this is seconds of work.
 */
export async function anonymizeSnapshot(snapshot: Snapshot, anonymizer: Anonymizer, rest: () => Promise<void> = async () => {}): Promise<Snapshot> {
  const {schema, takenAt, durationMs, evidence} = snapshot
  const hidden: Record<string, Take[]> = {}
  for (const [source, takes] of Object.entries(evidence)) {
    const done: Take[] = []
    hidden[source] = done
    for (const take of takes) {
      done.push(anonymizeTake(source, take, anonymizer))
      if (done.length % 20 === 0) await rest()
    }
  }
  return {schema, takenAt, durationMs, ...anonymizeHead(snapshot, anonymizer), evidence: hidden}
}

function anonymizeHead({source, settings, nodesWanted}: Snapshot, anonymizer: Anonymizer): Pick<Snapshot, 'source' | 'settings' | 'nodesWanted'> {
  return {
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
