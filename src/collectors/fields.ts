/** Readers of objects as an API gives them: any field may be missing or of another type, and none of these throws. */
export type Read<T> = (value: unknown) => T | undefined

export const text: Read<string> = value => (typeof value === 'string' ? value : undefined)
export const number: Read<number> = value => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
export const flag: Read<boolean> = value => (typeof value === 'boolean' ? value : undefined)
export const record: Read<Record<string, unknown>> = value =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
export const textOrNumber: Read<string | number> = value => text(value) ?? number(value)

export const oneOf =
  <const T extends string>(...words: readonly T[]): Read<T> =>
  value =>
    words.find(word => word === value)

/** Items that cannot be read are left out. */
export const listOf =
  <T>(read: Read<T>): Read<T[]> =>
  value =>
    Array.isArray(value) ? keep(value, read) : undefined

export const recordOf =
  <T>(read: Read<T>): Read<Record<string, T>> =>
  value => {
    const entries = record(value)
    return entries && Object.fromEntries(Object.entries(entries).flatMap(([name, item]) => pair(name, read(item))))
  }

/** An object with the fields named here, each left out where it is missing or of another type. */
export const shape =
  <T extends object>(fields: {readonly [K in keyof T]-?: Read<NonNullable<T[K]>>}): Read<Partial<T>> =>
  value => {
    const given = record(value)
    if (!given) return undefined
    const names = Object.keys(fields) as (keyof T & string)[]
    return Object.fromEntries(names.flatMap(name => pair(name, fields[name](given[name])))) as Partial<T>
  }

/** `at(object, 'metadata', 'name')`; undefined as soon as a step is not there. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const name of path) {
    const given = record(here)
    if (!given || !Object.hasOwn(given, name)) return undefined
    here = given[name]
  }
  return here
}

export const textAt = (value: unknown, ...path: readonly string[]): string => text(at(value, ...path)) ?? ''
export const textsAt = (value: unknown, ...path: readonly string[]): string[] => listOf(text)(at(value, ...path)) ?? []
/** Labels, annotations, ConfigMap data. */
export const textRecordAt = (value: unknown, ...path: readonly string[]): Record<string, string> => recordOf(text)(at(value, ...path)) ?? {}
export const numberAt = (value: unknown, ...path: readonly string[]): number => number(at(value, ...path)) ?? 0
export const listAt = <T>(read: Read<T>, value: unknown, ...path: readonly string[]): T[] => listOf(read)(at(value, ...path)) ?? []

/** `{name: value}`, or nothing at all: optional fields are left out rather than undefined. */
export const optional = <K extends string, T>(name: K, value: T | undefined): {readonly [P in K]?: T} =>
  (value === undefined ? {} : {[name]: value}) as {readonly [P in K]?: T}

const pair = <T>(name: string, value: T | undefined): [string, T][] => (value === undefined ? [] : [[name, value]])

function keep<T>(items: readonly unknown[], read: Read<T>): T[] {
  return items.flatMap(item => {
    const value = read(item)
    return value === undefined ? [] : [value]
  })
}
