import {onTestFinished} from 'vitest'
import {podDoor} from '../../src/cluster/pod-door.ts'
import {collectors} from '../../src/collectors/index.ts'
import type {ClusterState} from '../../src/demo/index.ts'
import type {Check} from '../../src/engine/check.ts'
import {collect} from '../../src/engine/collect.ts'
import {type Collected, known} from '../../src/engine/collected.ts'
import type {Cluster, ListOptions, NodeDoor, ProbeOutput, Resource} from '../../src/engine/collector.ts'
import {planFor} from '../../src/engine/plan.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {type Report, report} from '../../src/engine/report.ts'
import {simulated} from './simulated.ts'

/** What a view makes of an answer that was whole. */
export interface View {
  /** `key`: `list /v1/nodes`, `get /version`. */
  readonly api?: (key: string, whole: Collected<unknown>) => Collected<unknown>
  readonly probe?: (source: string, node: string, whole: Collected<ProbeOutput>) => Collected<ProbeOutput>
  /** `--exec none` */
  readonly noExec?: boolean
}
export interface Watched {
  look(view?: View): Promise<Report>
  /** What was asked of the API so far, and of nodes. */
  readonly keys: ReadonlySet<string>
  readonly sources: ReadonlySet<string>
}

/** A simulated cluster whose every answer is asked for once and then kept, so that hundreds of views of it take seconds. */
export async function watched(state: ClusterState, checks: readonly Check[]): Promise<Watched> {
  const {cluster} = await simulated({scenario: state})
  const [keys, sources] = [new Set<string>(), new Set<string>()]
  const answers = remembering<Collected<unknown>>()
  const live = podDoor(cluster)
  const nodes = remembering<ReadonlyMap<string, Collected<ProbeOutput>>>()
  const signal = new AbortController()
  onTestFinished(() => signal.abort())

  const through = ({api = (_key, whole) => whole}: View): Cluster => {
    const seen = async (key: string, ask: () => Promise<Collected<unknown>>) => {
      keys.add(key)
      return structuredClone(api(key, await answers(key, ask)))
    }
    return {
      ...cluster,
      get: path => seen(`get ${path}`, () => cluster.get(path)),
      list: async <T>(resource: Resource, options: ListOptions<T>) => {
        const whole = await seen(keyOf(resource, options), () => cluster.list(resource, {...options, project: (item: unknown) => item}))
        return whole.known
          ? known(
              (whole.value as unknown[]).flatMap(item => options.project(item) ?? []),
              whole.partial,
            )
          : whole
      },
    }
  }
  const doorFor = ({probe = (_source, _node, whole) => whole}: View): NodeDoor => ({
    async ask(node, probes, limits) {
      if (!node.target || node.unreachable !== undefined) return live.ask(node, probes, limits)
      const whole = await nodes(node.name, () => live.ask(node, probes, limits))
      return new Map(
        [...whole].map(([source, output]) => {
          sources.add(source)
          return [source, probe(source, node.name, output)]
        }),
      )
    },
  })
  const look = async (view: View = {}) => {
    const snapshot = await collect(planFor(checks, collectors), {
      collectors,
      cluster: through(view),
      door: view.noExec ? undefined : doorFor(view),
      source: {kind: 'demo'},
      settings: {exec: view.noExec ? 'none' : 'pod', checks: checks.map(({id}) => id), nodes: []},
      concurrency: 20,
      nodeTimeoutMs: 15_000,
      signal: signal.signal,
    })
    return report(snapshot, readFacts(snapshot, collectors), checks, {version: '0'})
  }
  return {look, keys, sources}
}

function remembering<T>(): (key: string, ask: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, Promise<T>>()
  return (key, ask) => {
    const answer = answers.get(key) ?? ask()
    answers.set(key, answer)
    return answer
  }
}

const keyOf = ({group, version, resource, namespace}: Resource, {labelSelector = ''}: ListOptions<unknown>) =>
  `list ${group}/${version}/${resource}${namespace === undefined ? '' : ` in ${namespace}`}${labelSelector === '' ? '' : ` ${labelSelector}`}`
