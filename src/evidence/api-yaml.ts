import {dump} from 'js-yaml'
import {redact} from '../bundle/redact.ts'
import {at, record, text} from '../collectors/fields.ts'

/** How an object calls itself; items of a list of built-in kinds do not. */
export interface TypeMeta {
  readonly apiVersion: string
  readonly kind: string
}
export interface Printed {
  readonly text: string
  /** Values that lost something because of their key or their shape. */
  readonly struckOut: number
}

/** An object as a YAML document, to be read: without managedFields, a third of every object, and with credentials struck out while keys still tell them. */
export function yamlOf(item: unknown, type: TypeMeta): Printed {
  const {apiVersion, kind, metadata, ...rest} = record(item) ?? {}
  const {managedFields: _, ...kept} = record(metadata) ?? {}
  const own = kind === 'PartialObjectMetadata' ? type : {apiVersion: text(apiVersion) ?? type.apiVersion, kind: text(kind) ?? type.kind}
  const {value, struckOut} = redact({...own, metadata: kept, ...rest})
  return {text: dump(value, {lineWidth: -1, noRefs: true, skipInvalid: true}), struckOut}
}

export const groupVersionText = ({group, version}: {readonly group: string; readonly version: string}): string =>
  group === '' ? version : `${group}/${version}`

/** `kube-system/calico-config`, `default`. */
export function nameOf(item: unknown): string {
  const namespace = text(at(item, 'metadata', 'namespace'))
  return `${namespace === undefined ? '' : `${namespace}/`}${text(at(item, 'metadata', 'name')) ?? '?'}`
}
