import type {Collected} from '../engine/collected.ts'
import type {Kept} from './state.ts'

/** What is known after one more try: a failed one keeps what was seen before, and says since when and why it is not seen any more. */
export function keptAfter<T>(before: Kept<T> | undefined, seen: Collected<T>, at: number): Kept<T> {
  if (seen.known) return {value: seen.value, at, ...(seen.partial !== undefined && {partial: seen.partial})}
  const {why, detail} = seen
  return {...before, trouble: {why, detail, since: before?.trouble?.since ?? at}}
}

export const nothingKept: Kept<never> = {}
