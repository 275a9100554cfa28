import {at, record, text} from '../../collectors/fields.ts'

/** A resource as the API names it: `nodes` of group ``, `ippools` of `crd.projectcalico.org`. */
export interface ResourceName {
  readonly group: string
  readonly plural: string
}

/** `IPPool` → `ippools`, `FelixConfiguration` → `felixconfigurations`, `BlockAffinity` → `blockaffinities`, as Kubernetes makes plurals of kinds. */
export function pluralOf(kind: string): string {
  const word = kind.toLowerCase()
  if (word === 'endpoints') return word
  if (/(?:s|x|ch|sh)$/.test(word)) return `${word}es`
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`
}

/** `crd.projectcalico.org/v1` → `crd.projectcalico.org`, `v1` → ``. */
export const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '')

/** By apiVersion and kind; undefined where an object has none. */
export function resourceOf(item: unknown): ResourceName | undefined {
  const [kind, apiVersion] = [text(at(item, 'kind')), text(at(item, 'apiVersion'))]
  return kind === undefined || apiVersion === undefined || kind === '' ? undefined : {group: groupOf(apiVersion), plural: pluralOf(kind)}
}

/** `IPPoolList` of one kind, or v1 `List`, which tells nothing of what is in it. Undefined for what is no list. */
export function listOf(
  value: unknown,
): {readonly items: readonly unknown[]; readonly of?: ResourceName; readonly whole: boolean; readonly typed: boolean} | undefined {
  const items = at(value, 'items')
  if (!Array.isArray(items)) return undefined
  const [kind, apiVersion] = [text(at(value, 'kind')), text(at(value, 'apiVersion'))]
  // kubectl writes `kind` after `items`: a list without it was cut off.
  if (kind === undefined || apiVersion === undefined || !kind.endsWith('List'))
    return record(at(value, 'spec')) ? undefined : {items, whole: false, typed: false}
  const metadata = at(value, 'metadata')
  const whole = !text(at(metadata, 'continue')) && !at(metadata, 'remainingItemCount')
  return kind === 'List' ? {items, whole, typed: false} : {items, whole, typed: true, of: {group: groupOf(apiVersion), plural: pluralOf(kind.slice(0, -4))}}
}
