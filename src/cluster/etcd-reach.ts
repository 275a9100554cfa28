import {setTimeout as sleep} from 'node:timers/promises'
import type {Collected} from '../engine/collected.ts'
import {known} from '../engine/collected.ts'
import type {EtcdReached} from '../engine/collector.ts'
import type {Bounds} from './deadline.ts'
import {type EtcdEndpoint, isRefusal} from './etcd-endpoint.ts'
import {type Refusal, unknownOf} from './etcd-errors.ts'
import {keyRange} from './etcd-range.ts'

/** Once one has answered, the others have so long to show that they are there. */
const graceMs = 1_000
/** Whoever may read Calico's data may read this key, which nobody has. */
const probe = keyRange('/calico/')

/** Asks all at once, so that one that is silent holds up nobody. */
export async function reach(endpoints: readonly EtcdEndpoint[], bounds: Bounds): Promise<Collected<EtcdReached>> {
  const answers = new Map<string, Refusal | 'answered'>()
  const first = Promise.withResolvers<string | undefined>()
  const asked = endpoints.map(async endpoint => {
    const answer = await endpoint.range(probe, bounds)
    answers.set(endpoint.url, isRefusal(answer) ? answer : 'answered')
    if (!isRefusal(answer)) first.resolve(endpoint.url)
  })
  const all = Promise.all(asked)
  void all.then(() => first.resolve(undefined))
  const endpoint = await first.promise
  if (endpoint === undefined) return unknownOf(refusalsIn(answers))
  await Promise.race([all, sleep(graceMs, undefined, {ref: false})])
  const late = endpoints.filter(({url}) => !answers.has(url)).map(({url}) => `${url} no answer in ${graceMs / 1000} s`)
  return known({endpoint, silent: [...refusalsIn(answers).map(([url, {text}]) => `${url} ${text}`), ...late]})
}

const refusalsIn = (answers: ReadonlyMap<string, Refusal | 'answered'>) =>
  [...answers].flatMap(([url, answer]) => (answer === 'answered' ? [] : [[url, answer] as const]))
