import {type ApiResource, keyOf} from './api-resources.ts'
import type {KubeObject} from './cluster-state.ts'
import {type Column, columnsByResource, customColumns, otherColumns} from './table-columns.ts'

export type IncludeObject = 'None' | 'Metadata' | 'Object'

const columnsOf = (resource: ApiResource): readonly Column[] => (resource.custom ? customColumns : (columnsByResource[keyOf(resource)] ?? otherColumns))

export const columnDefinitions = (resource: ApiResource): object[] =>
  columnsOf(resource).map(({name, type = 'string', format = '', priority = 0}) => ({name, type, format, description: '', priority}))

/** `object` stays null with includeObject=None, which is what makes tables cheap. */
export function tableRow(resource: ApiResource, object: KubeObject, include: IncludeObject, now: string, full: (object: KubeObject) => object): object {
  const cells = columnsOf(resource).map(column => column.cell(object, now))
  if (include === 'None') return {cells, object: null}
  if (include === 'Object') return {cells, object: full(object)}
  return {cells, object: {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata}}
}
