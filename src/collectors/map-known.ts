import {type Collected, known} from '../engine/collected.ts'

/** What was seen, made smaller before it is kept; what was not seen stays as it is. */
export const mapKnown = <T, R>(collected: Collected<T>, project: (value: T) => R): Collected<R> =>
  collected.known ? known(project(collected.value), collected.partial) : collected

/** Partial for one more reason, if there is one. */
export function alsoPartial<T>(collected: Collected<T>, reason: string | undefined): Collected<T> {
  if (!collected.known || reason === undefined) return collected
  return known(collected.value, collected.partial === undefined ? reason : `${reason}; ${collected.partial}`)
}
