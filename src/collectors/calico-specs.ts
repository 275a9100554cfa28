import type {Named} from '../calico/resources.ts'
import {type Collected, known} from '../engine/collected.ts'
import type {ReadSpec, Seen} from './calico-resource.ts'
import {type Read, shape} from './fields.ts'

/**
 * Reads a spec field by field. `unread` names the fields that are there and of a type nobody expects, and the required ones that are missing
 * (these become the empty string, so that the object is not lost).
 */
export const specOf =
  <Spec extends object>(fields: {readonly [K in keyof Spec]-?: Read<NonNullable<Spec[K]>>}, required: readonly (keyof Spec & string)[] = []): ReadSpec<Spec> =>
  raw => {
    const read: Partial<Spec> = shape<Spec>(fields)(raw) ?? {}
    const names = Object.keys(fields) as (keyof Spec & string)[]
    const unread = names.filter(name => read[name] === undefined && (required.includes(name) || isWritten(raw[name])))
    const empty = Object.fromEntries(required.map(name => [name, '']))
    return {value: {...empty, ...read} as Spec, unread}
  }

/** FelixConfiguration has some 200 fields: kept whole. */
export const wholeSpec: ReadSpec<Readonly<Record<string, unknown>>> = raw => ({value: raw, unread: []})

const isWritten = (value: unknown) => value !== undefined && value !== null

/** A list of resources; partial when a part of one could not be read. */
export function resourcesOf<Spec>(kind: string, items: readonly Seen<Spec>[]): Collected<readonly Named<Spec>[]> {
  const unread = items.flatMap(({name, unread: fields = []}) => (fields.length > 0 ? [`${kind} ${name}: ${fields.join(', ')}`] : []))
  const partial =
    unread.length > 0 ? `could not be read: ${unread.slice(0, 3).join('; ')}${unread.length > 3 ? ` and ${unread.length - 3} more` : ''}` : undefined
  return known(
    items.map(({name, spec}) => ({name, spec})),
    partial,
  )
}
