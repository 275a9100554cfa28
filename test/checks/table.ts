import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import type {Facts, FactTable} from '../../src/engine/facts.ts'

type Given = {readonly [K in keyof Facts]?: Facts[K] | Collected<Facts[K]>}

/** A fact table out of values, or of the reasons why there is none; nobody asked for the rest. */
export function tableOf(given: Given): FactTable {
  const entries = Object.entries(given).map(([name, fact]) => [name, isCollected(fact) ? fact : known(fact)])
  return new Proxy(Object.fromEntries(entries), {get: (facts, name) => facts[name] ?? unknown('not-collected', 'nobody asked')})
}

const isCollected = (fact: unknown): fact is Collected<unknown> => typeof fact === 'object' && fact !== null && 'known' in fact
