import {safePart} from '../bundle/paths.ts'
import type {ListOptions, Resource} from '../engine/collector.ts'
import {ask, missed, originOf} from './api-ask.ts'
import {type Documents, documentsWithin} from './api-documents.ts'
import {groupVersionText, yamlOf} from './api-yaml.ts'
import type {Evidence, EvidenceContext, EvidenceTask} from './task.ts'

/** A kind of object that is kept whole, as YAML. */
export interface Listing extends Pick<Resource, 'group' | 'version' | 'resource'> {
  readonly kind: string
  /** undefined: all of the cluster. */
  readonly namespaces?: readonly string[]
  readonly labelSelector?: string
  /** Which objects are Calico's, where others live among them. */
  readonly keep?: (item: unknown) => boolean
  /** Leaves out what is large and says nothing. */
  readonly trim?: (item: unknown) => unknown
  /** Only names, labels and annotations are asked for. */
  readonly metadataOnly?: true
  /** How many there may be, to guess with. */
  readonly expected: number
}

/** A YAML object of Calico's is some 1 to 2 kB. */
const objectBytes = 1_500
/** A page of 500 objects, as parsed. */
const pageBytes = 4 * 1024 ** 2

export const resourcePath = ({group, resource}: Pick<Resource, 'group' | 'resource'>): string =>
  `resources/${safePart(group === '' ? 'core' : group)}/${safePart(resource)}.yaml`

export const listTask = (context: EvidenceContext, listing: Listing): EvidenceTask => ({
  what: `${listing.resource}${listing.group === '' ? '' : `.${listing.group}`}`,
  ...costOf(context, listing.expected),
  run: ({signal}) => listed(context, listing, signal),
})

export function costOf({options}: Pick<EvidenceContext, 'options'>, objects: number): Pick<EvidenceTask, 'estimate' | 'maxBytes'> {
  const bytes = Math.min(options.maxFileBytes, objects * objectBytes)
  // Pieces and the whole text at once.
  return {estimate: {bytes, ms: 20 + objects / 5}, maxBytes: 2 * options.maxFileBytes + pageBytes}
}

/** One file of what could be read, and a line for each namespace that could not. */
export async function* listed({cluster, options}: EvidenceContext, listing: Listing, signal: AbortSignal | undefined): AsyncGenerator<Evidence> {
  const documents = documentsWithin(options.maxFileBytes)
  const scopes = listing.namespaces ?? [undefined]
  const source = commandOf(listing)
  let partial = false
  const at = new Date().toISOString()
  let [ms, seen] = [0, 0]
  for (const namespace of scopes) {
    const {group, version, resource} = listing
    const place = {group, version, resource, ...(namespace !== undefined && {namespace})}
    const asked = await ask(signal, () => cluster.list(place, optionsOf(listing, documents, signal)))
    ms += asked.ms
    if (!asked.answer.known) yield missed(commandOf(listing, namespace), asked.answer)
    else seen++
    if (asked.answer.known && asked.answer.partial !== undefined) {
      partial = true
      yield missed(commandOf(listing, namespace), {why: 'failed', detail: asked.answer.partial})
    }
  }
  if (seen === 0) return
  const truncated = documents.truncated || partial || seen < scopes.length
  yield {file: {...originOf(resourcePath(listing), source, {at, ms}), truncated, struckOut: documents.struckOut, text: documents.text()}}
}

/** Each object becomes text as its page comes; the objects themselves are not kept. */
function optionsOf(listing: Listing, documents: Documents, signal: AbortSignal | undefined): ListOptions<true> {
  const {kind, labelSelector, keep = () => true, trim = item => item, metadataOnly} = listing
  const project = (item: unknown): true | undefined => {
    if (signal?.aborted) throw new Error('the overall time was over')
    if (!keep(item)) return undefined
    documents.add(yamlOf(trim(item), {apiVersion: groupVersionText(listing), kind}))
    return true
  }
  return {...(labelSelector !== undefined && {labelSelector}), ...(metadataOnly && {metadataOnly}), project}
}

/** What asks the same by hand. */
export function commandOf({group, resource, namespaces}: Pick<Listing, 'group' | 'resource' | 'namespaces'>, namespace?: string): string {
  const scope = namespace !== undefined ? [namespace] : namespaces
  const where = scope === undefined ? '' : scope.length === 1 ? ` -n ${scope[0]}` : ` in ${scope.join(', ')}`
  return `kubectl get ${resource}${group === '' ? '' : `.${group}`}${where} -o yaml`
}
