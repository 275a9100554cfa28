import type {KubeObject, ObjectMeta} from '../cluster-state.ts'
import {numberOf, uidOf} from './identity.ts'

/** When the cluster was made, and the moment the scenario shows. */
export const created = '2025-09-02T07:41:13Z'
/** The last change of Calico's DaemonSet; BIRD started then. */
export const rolledOut = '2025-11-17T22:04:38Z'
export const now = '2025-11-18T09:30:00Z'
export const listVersion = '48120377'

interface MetaOptions {
  readonly namespace?: string
  readonly labels?: Record<string, string>
  readonly annotations?: Record<string, string>
  readonly since?: string
  readonly more?: Record<string, unknown>
}
function metaOf(kind: string, name: string, {namespace, labels, annotations, since = created, more}: MetaOptions = {}): ObjectMeta {
  const path = `${kind} ${namespace ?? ''}/${name}`
  return {
    name,
    ...(namespace !== undefined && {namespace}),
    uid: uidOf(path),
    resourceVersion: String(1_000 + numberOf(path, 48_000_000)),
    creationTimestamp: since,
    ...(labels && {labels}),
    ...(annotations && {annotations}),
    ...more,
  }
}

export const objectOf = (kind: string, name: string, options: MetaOptions, body: Record<string, unknown>): KubeObject => ({
  metadata: metaOf(kind, name, options),
  ...body,
})

/** Who wrote which fields: on a real server it is a third of every object. */
export function managedFields(writers: readonly {manager: string; subresource?: string; fields: readonly string[]}[], apiVersion = 'v1'): object[] {
  return writers.map(({manager, subresource, fields}) => ({
    manager,
    operation: 'Update',
    apiVersion,
    time: created,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldTree(fields),
    ...(subresource !== undefined && {subresource}),
  }))
}

/** `spec/containers/name` becomes {"f:spec": {"f:containers": {"f:name": {}}}}; `~1` is a slash inside a part, `k:` a key of a list. */
function fieldTree(paths: readonly string[]): object {
  const tree: Record<string, object> = {}
  for (const path of paths) {
    let at: Record<string, any> = tree
    for (const part of path.split('/').map(one => one.replaceAll('~1', '/'))) at = at[part.startsWith('k:') || part === '.' ? part : `f:${part}`] ??= {}
  }
  return tree
}
