import type {Collected} from '../engine/collected.ts'
import type {FelixNumbers} from './model.ts'
import type {FelixHistory, NodeEntry, Series} from './state.ts'

/** So many rounds are remembered: five minutes of the default interval. */
const remembered = 60

export const noHistory: FelixHistory = {applySeconds: [], memoryBytes: [], cpu: [], errorRate: [], errorRates: {}}

/** Felix's series after one more sample. Rates need two samples in a row, and a Felix that started anew counts from 0: then there is none. */
export function historyAfter({felix, history}: NodeEntry, seen: Collected<FelixNumbers>, at: number): FelixHistory {
  const now = seen.known ? seen.value : undefined
  const before = felix.trouble === undefined && felix.at !== undefined && felix.at < at ? {numbers: felix.value, seconds: (at - felix.at) / 1_000} : undefined
  const rate = (of: (numbers: FelixNumbers) => Collected<number>) => ratePerSecond(before, now, of)
  const rates = errorRates(before, now)
  const sum = rates && Object.values(rates).reduce((total, value) => total + value, 0)
  return {
    applySeconds: grown(history.applySeconds, valueOf(now?.applySeconds)),
    memoryBytes: grown(history.memoryBytes, valueOf(now?.memoryBytes)),
    cpu: grown(
      history.cpu,
      rate(numbers => numbers.cpuSeconds),
    ),
    errorRate: grown(history.errorRate, sum),
    errorRates: rates ?? {},
  }
}

interface Before {
  readonly numbers: FelixNumbers | undefined
  readonly seconds: number
}

function ratePerSecond(before: Before | undefined, now: FelixNumbers | undefined, of: (numbers: FelixNumbers) => Collected<number>): number | undefined {
  if (!before?.numbers || !now) return undefined
  const [old, young] = [valueOf(of(before.numbers)), valueOf(of(now))]
  return old === undefined || young === undefined || young < old ? undefined : (young - old) / before.seconds
}

/** By kind, a minute. A kind that appears only now began at 0. */
function errorRates(before: Before | undefined, now: FelixNumbers | undefined): Readonly<Record<string, number>> | undefined {
  if (!before?.numbers?.errors.known || !now?.errors.known) return undefined
  const [old, young] = [before.numbers.errors.value, now.errors.value]
  if (Object.entries(old).some(([kind, count]) => (young[kind] ?? 0) < count)) return undefined
  return Object.fromEntries(Object.entries(young).map(([kind, count]) => [kind, ((count - (old[kind] ?? 0)) * 60) / before.seconds]))
}

const grown = (series: Series, value: number | undefined): Series => [...series.slice(1 - remembered), value]
const valueOf = <T>(collected: Collected<T> | undefined): T | undefined => (collected?.known ? collected.value : undefined)
