import {acceptedForm, type Form} from './accept.ts'
import {type ApiResource, groupVersion, keyOf} from './api-resources.ts'
import type {ClusterState, KubeObject} from './cluster-state.ts'
import {type Page, pageOf} from './paging.ts'
import type {RequestInfo} from './request-info.ts'
import {fieldMatcher, labelMatcher} from './selectors.ts'
import {isMany, joined, listed, metadataOnly, serialise, typed} from './serialise.ts'
import {badRequest, notAcceptable, notFound} from './status.ts'
import {columnDefinitions, type IncludeObject, tableRow} from './table.ts'

/** The objects that a list or watch asks for, in all its namespaces or one. */
export function selectedObjects(state: ClusterState, resource: ApiResource, {namespace, query}: RequestInfo): readonly KubeObject[] {
  const all = state.objects[keyOf(resource)] ?? []
  const labelSelector = query.get('labelSelector') ?? ''
  const fieldSelector = query.get('fieldSelector') ?? ''
  const matchers = [
    ...(namespace === '' || !resource.namespaced ? [] : [({metadata}: KubeObject) => metadata.namespace === namespace]),
    ...(labelSelector === '' ? [] : [labelMatcher(labelSelector)]),
    ...(fieldSelector === '' ? [] : [fieldMatcher(fieldSelector, resource.resource)]),
  ]
  return matchers.length === 0 ? all : all.filter(object => matchers.every(matches => matches(object)))
}

export function listAnswer(state: ClusterState, resource: ApiResource, info: RequestInfo, accept: string | undefined): Buffer {
  const form = acceptedForm(accept)
  const page = pageOf(selectedObjects(state, resource, info), {query: info.query, resourceVersion: state.resourceVersion})
  const many = isMany(state.objects[keyOf(resource)] ?? [])
  const shape = shapeOf(form, state, resource, info.query)
  const items = page.items.map(object => serialise(object, shape.key, many, shape.of))
  return joined(shape.head(JSON.stringify(listMeta(page))), items, ']}\n')
}

const listMeta = ({resourceVersion, continue: token, remaining}: Page) => ({
  resourceVersion,
  ...(token !== undefined && {continue: token}),
  ...(remaining !== undefined && {remainingItemCount: remaining}),
})

interface Shape {
  /** Names the form of an item, to keep its JSON under. */
  readonly key: string
  readonly of: (object: KubeObject) => unknown
  readonly head: (metadata: string) => string
}
function shapeOf(form: Form, state: ClusterState, resource: ApiResource, query: URLSearchParams): Shape {
  if (form === 'table') {
    const include = includeObject(query)
    const columns = JSON.stringify(columnDefinitions(resource))
    return {
      key: `row ${include} ${state.now}`,
      of: object => tableRow(resource, object, include, state.now, one => typed(resource, one)),
      head: metadata => `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"columnDefinitions":${columns},"rows":[`,
    }
  }
  if (form === 'metadata-list')
    return {
      key: 'metadata',
      of: metadataOnly,
      head: metadata => `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${metadata},"items":[`,
    }
  if (form === 'metadata') throw notAcceptable(`you requested PartialObjectMetadata, but the requested object is a list (${goType(resource, 'List')})`)
  return {
    key: 'item',
    of: object => listed(resource, object),
    head: metadata => `{"kind":"${resource.kind}List","apiVersion":"${groupVersion(resource)}","metadata":${metadata},"items":[`,
  }
}

/** What the server holds it in. */
function goType({custom, group, kind}: ApiResource, list = ''): string {
  if (custom) return `*unstructured.Unstructured${list}`
  return `*${group === '' ? 'core' : group.split('.')[0]}.${kind}${list}`
}

function includeObject(query: URLSearchParams): IncludeObject {
  const include = query.get('includeObject') ?? ''
  if (include === '') return 'Metadata'
  if (include === 'None' || include === 'Metadata' || include === 'Object') return include
  throw badRequest(`unrecognized includeObject value: "${include}"`)
}

export function getAnswer(state: ClusterState, resource: ApiResource, {namespace, name, query}: RequestInfo, accept: string | undefined): Buffer {
  const found = (state.objects[keyOf(resource)] ?? []).find(
    ({metadata}) => metadata.name === name && (!resource.namespaced || metadata.namespace === namespace),
  )
  if (!found) throw notFound(resource.group, resource.resource, name)
  const form = acceptedForm(accept)
  if (form === 'metadata-list') throw notAcceptable(`you requested PartialObjectMetadataList, but the requested object is not a list (${goType(resource)})`)
  return Buffer.from(`${JSON.stringify(oneShape(form, state, resource, query)(found))}\n`)
}

function oneShape(form: Form, state: ClusterState, resource: ApiResource, query: URLSearchParams): (object: KubeObject) => object {
  if (form === 'metadata') return metadataOnly
  if (form === 'object') return object => typed(resource, object)
  return object => ({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: {resourceVersion: object.metadata.resourceVersion ?? state.resourceVersion},
    columnDefinitions: columnDefinitions(resource),
    rows: [tableRow(resource, object, includeObject(query), state.now, one => typed(resource, one))],
  })
}
