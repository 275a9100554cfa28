import type {Collector} from '../engine/collector.ts'

/** Every collector: one file, one source, in a folder by where it asks. Files directly in this folder are what several share. */
export const collectors: readonly Collector[] = Object.values(import.meta.glob<Collector>('./*/*.ts', {import: 'default', eager: true}))
