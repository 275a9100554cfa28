import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {ExecOutput} from '../../src/engine/collector.ts'
import {type Birds, birdKey, startBirds, waitFor} from './birds.ts'
import {execInside, writeClients} from './inside.ts'
import {ip, labName, removeLeftovers, removeNamespaces} from './namespaces.ts'
import {type Family, families, type LabNode, type LabPlan, type NodePlan} from './plan.ts'
import {silence, wire} from './wires.ts'

export {whyNoLab} from './namespaces.ts'
export type {LabNode, LabPlan, NodePlan} from './plan.ts'

/** Nodes of a Calico cluster as network namespaces with real BIRDs; no Kubernetes. */
export interface Lab {
  readonly nodes: readonly LabNode[]
  /** Kinds of link that this kernel does not have, so that the lab is without them: `ipip`, `wireguard`. */
  readonly missing: readonly string[]
  node(name: string): LabNode
  /** Runs a command inside the node, with `birdcl` on the path and the node's sockets in /var/run/calico. */
  exec(name: string, argv: readonly string[]): Promise<ExecOutput>
  /** From now on nothing from one node reaches the other, either way, and nobody answers: as a packet filter that drops. */
  cut(name: string, other: string): void
  /** Takes the node's eth0 down, and lets the others forget its MAC address, so that they say "No route to host" at once and not in half a minute. */
  unplug(name: string): void
  /** Ends a node's BIRD as a crash does: the socket file stays. */
  killBird(name: string, family?: Family): Promise<void>
  /** Waits until `show protocols` on the node matches, 15 s at most, and returns it. */
  waitFor(name: string, pattern: RegExp, family?: Family): Promise<string>
  /** Waits until every BGP session of every BIRD is Established. */
  waitForMesh(): Promise<void>
  /** Ends every BIRD, removes every namespace. Runs by itself when the process ends; what a killed process left, the next lab removes. */
  close(): void
}

/** Starts the nodes and waits until each BIRD answers; sessions come a second later. Needs what `whyNoLab` asks for; leaves nothing behind when it throws. */
export async function startLab(plan: LabPlan): Promise<Lab> {
  removeLeftovers()
  const name = labName()
  const directory = mkdtempSync(join(tmpdir(), `${name}-`))
  const birds: Birds = new Map()
  const close = closer(name, directory, birds)
  try {
    const nodes = plan.nodes.map((node, index) => labNode(node, index, name, directory))
    writeClients(directory)
    const missing = wire(name, nodes)
    const withBird = nodes.filter(node => !node.birdless)
    for (const node of withBird) startBirds(node, nodes, plan, birds)
    const everywhere = async (pattern: RegExp) => {
      await Promise.all(withBird.flatMap(node => families(plan).map(family => waitFor(node, pattern, family))))
    }
    await everywhere(/^name/m)
    return {...handles(nodes, birds, directory), missing, close, waitForMesh: () => everywhere(noneDown)}
  } catch (error) {
    close()
    throw error
  }
}

/** A lab for as long as `use` runs. */
export async function withLab<T>(plan: LabPlan, use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = await startLab(plan)
  try {
    return await use(lab)
  } finally {
    lab.close()
  }
}

/** A table without a BGP row that is not Established. */
const noneDown = /^name(?![\s\S]* BGP (?!.*Established))/m

/** Labs that are not closed yet: the end of the process closes them. */
const open = new Set<() => void>()
process.once('exit', () => {
  for (const close of open) close()
})

function closer(name: string, directory: string, birds: Birds): () => void {
  const close = () => {
    open.delete(close)
    for (const bird of birds.values()) bird.kill('SIGKILL')
    removeNamespaces(name)
    rmSync(directory, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  }
  open.add(close)
  return close
}

function labNode(plan: NodePlan, index: number, lab: string, directory: string): LabNode {
  const own = join(directory, plan.name)
  mkdirSync(own)
  return {...plan, address: `10.0.0.${index + 1}`, address6: `fd00:10::${index + 1}`, namespace: `${lab}-${plan.name}`, directory: own}
}

function handles(nodes: readonly LabNode[], birds: Birds, directory: string): Omit<Lab, 'missing' | 'close' | 'waitForMesh'> {
  const node = (name: string) => {
    const found = nodes.find(candidate => candidate.name === name)
    if (!found) throw new Error(`no node ${name} in this lab`)
    return found
  }
  return {
    nodes,
    node,
    exec: (name, argv) => execInside(node(name), directory, argv),
    cut(name, other) {
      silence(node(name), node(other))
      silence(node(other), node(name))
    },
    unplug(name) {
      ip(node(name).namespace, ['link set eth0 down'])
      for (const other of nodes.filter(other => other.name !== name)) ip(other.namespace, ['neigh flush dev eth0'])
    },
    async killBird(name, family = 4) {
      const bird = birds.get(birdKey(name, family))
      if (!bird || bird.exitCode !== null || bird.signalCode !== null) return
      const ended = new Promise(resolve => bird.once('exit', resolve))
      bird.kill('SIGKILL')
      await ended
    },
    waitFor: (name, pattern, family = 4) => waitFor(node(name), pattern, family),
  }
}
