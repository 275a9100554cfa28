import {type Collected, known, type PerNode, unknown} from './collected.ts'
import {type Collector, isDerived, isProbe, type NodeCollector, type ProbeOutput} from './collector.ts'
import {type FactName, type FactTable, perNodeFacts} from './facts.ts'
import {type Packed, unpack} from './packed.ts'
import type {Snapshot, Take} from './snapshot.ts'

/** What was read from takes of nodes before: most of them are the same in the next round of a live view. */
export type Remembered = WeakMap<Take, Map<FactName, Collected<unknown>>>

/** Reads evidence on first use and once only, so an old bundle profits from a newer reader. */
export function readFacts(snapshot: Pick<Snapshot, 'evidence' | 'nodesWanted'>, collectors: readonly Collector[], remembered?: Remembered): FactTable {
  const table = {} as FactTable
  for (const collector of collectors) {
    for (const name of Object.keys(collector.facts) as FactName[]) {
      let fact: Collected<unknown> | undefined
      Object.defineProperty(table, name, {enumerable: true, get: () => (fact ??= readFact(name, collector, snapshot, {table, remembered}))})
    }
  }
  return table
}

function readFact(
  name: FactName,
  collector: Collector,
  {evidence, nodesWanted}: Pick<Snapshot, 'evidence' | 'nodesWanted'>,
  {table, remembered}: {readonly table: FactTable; readonly remembered: Remembered | undefined},
): Collected<unknown> {
  if (isDerived(collector)) return attempt(() => collector.facts[name]!(table as never))
  const takes = evidence[collector.source] ?? []
  if (!isProbe(collector)) return onWantedNodes(name, readData(takes.at(-1)?.data, collector.facts[name]!), nodesWanted)
  if (!nodesWanted.known) return nodesWanted
  const latest = new Map(takes.map(take => [take.node, take]))
  const read = (take: Take | undefined) => attempt(() => readProbe(name, collector, take))
  return known(Object.fromEntries(nodesWanted.value.map(node => [node, once(latest.get(node), name, read, remembered)])), nodesWanted.partial)
}

function once(
  take: Take | undefined,
  name: FactName,
  read: (take: Take | undefined) => Collected<unknown>,
  remembered: Remembered | undefined,
): Collected<unknown> {
  if (!take || !remembered) return read(take)
  const facts = remembered.get(take) ?? new Map<FactName, Collected<unknown>>()
  remembered.set(take, facts)
  const fact = facts.get(name) ?? read(take)
  facts.set(name, fact)
  return fact
}

/** What an API source says of nodes: of each that was wanted, and of no other. */
function onWantedNodes(name: FactName, fact: Collected<any>, nodesWanted: Snapshot['nodesWanted']): Collected<unknown> {
  if (!fact.known || !perNodeFacts.has(name)) return fact
  if (!nodesWanted.known) return nodesWanted
  const told: PerNode<unknown> = fact.value
  const of = (node: string) => (Object.hasOwn(told, node) ? told[node] : unknown('not-collected', 'this node was not asked'))
  return known(Object.fromEntries(nodesWanted.value.map(node => [node, of(node)])), joined(fact.partial, nodesWanted.partial))
}

const joined = (...reasons: readonly (string | undefined)[]) => [...new Set(reasons.filter(reason => reason !== undefined))].join('; ') || undefined

function readProbe(name: FactName, collector: NodeCollector, take: Take | undefined): Collected<unknown> {
  if (!take?.data.known) return take?.data ?? unknown('not-collected', 'this node was not asked')
  const output = unpack(take.data.value as ProbeOutput & Packed)
  const command = output.argv.join(' ')
  if (output.exit !== 0 && !output.cut && !collector.exits?.includes(output.exit)) {
    if (output.exit === 124) return unknown('timeout', `${command}: ended after its time`)
    if (output.exit === 126 || output.exit === 127) return unknown('absent', `${command}: not in this image`)
    return unknown('failed', `${command}: exit ${output.exit} ${firstLine(output.stderr || output.stdout)}`.trimEnd())
  }
  return readData({...take.data, value: output, ...(output.cut && {partial: output.cut})}, collector.facts[name]!)
}

function readData(data: Collected<unknown> | undefined, read: (evidence: any) => unknown): Collected<unknown> {
  if (!data) return unknown('not-collected', 'nobody asked')
  if (!data.known) return data
  return attempt(() => {
    const value = read(data.value)
    const collected = isCollected(value) ? value : known(value)
    return collected.known && data.partial !== undefined ? {...collected, partial: data.partial} : collected
  })
}

/** A reader that throws met something it does not understand: that is unknown, not empty. */
function attempt(read: () => Collected<unknown>): Collected<unknown> {
  try {
    return read()
  } catch (error) {
    return unknown('failed', `cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const isCollected = (value: unknown): value is Collected<unknown> =>
  typeof value === 'object' && value !== null && 'known' in value && typeof value.known === 'boolean'

const firstLine = (text: string) => text.trim().split('\n', 1)[0]!.slice(0, 200)
