import {type ApiResource, groupVersion} from './api-resources.ts'
import {type KubeObject, serialisedOnceAbove} from './cluster-state.ts'

const once = new WeakMap<KubeObject, Map<string, Buffer>>()

/** JSON of an object in one form; kept when it is one of many, so that the server is not what a benchmark measures. */
export function serialise(object: KubeObject, form: string, many: boolean, shape: (object: KubeObject) => unknown): Buffer {
  if (!many) return Buffer.from(JSON.stringify(shape(object)))
  const forms = once.get(object) ?? new Map<string, Buffer>()
  once.set(object, forms)
  const kept = forms.get(form)
  if (kept) return kept
  const made = Buffer.from(JSON.stringify(shape(object)))
  forms.set(form, made)
  return made
}

export const isMany = (objects: readonly KubeObject[]): boolean => objects.length > serialisedOnceAbove

/** As a single GET or a watch event shows it: with apiVersion and kind. */
export const typed = (resource: ApiResource, object: KubeObject): object => ({apiVersion: groupVersion(resource), kind: resource.kind, ...object})
/** As an item of a list: built-in kinds come without apiVersion and kind. */
export const listed = (resource: ApiResource, object: KubeObject): object => (resource.custom ? typed(resource, object) : object)
export const metadataOnly = ({metadata}: KubeObject): object => ({kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata})

const comma = Buffer.from(',')
/** `head` ends where the first item goes; `items` are joined by commas; `tail` closes. */
export function joined(head: string, items: readonly Buffer[], tail: string): Buffer {
  const parts: Buffer[] = [Buffer.from(head)]
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(comma)
    parts.push(item)
  }
  parts.push(Buffer.from(tail))
  return Buffer.concat(parts)
}
