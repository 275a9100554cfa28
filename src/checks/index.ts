import type {Check} from '../engine/check.ts'

/** One file, one check: its path is its id, so there is no list to keep. */
const files = import.meta.glob<Check>('./*/*.ts', {import: 'default'})
const idOf = (path: string) => path.slice('./'.length, -'.ts'.length)

export const checkIds: readonly string[] = Object.keys(files).map(idOf).sort()

export const loadChecks = (ids: readonly string[] = checkIds): Promise<Check[]> => Promise.all(ids.map(id => files[`./${id}.ts`]!()))
