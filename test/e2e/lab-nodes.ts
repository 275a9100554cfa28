import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import type {ClusterState, KubeObject} from '../../src/demo/cluster-state.ts'
import type {SimulatedNode} from '../../src/demo/simulated-node.ts'
import type {Lab} from '../lab/lab.ts'
import type {Executor} from './executor.ts'
import {imageRoot} from './image-root.ts'

/** The insides of the lab's nodes, for `startReal`: real BIRD and real interfaces behind the files of the simulated machine of the same name. */
export function labInsides(lab: Lab, state: ClusterState, folder: string): (node: string) => Executor | undefined {
  const insides = new Map(
    lab.nodes.map(({name, namespace, directory}) => {
      const own = join(folder, name)
      mkdirSync(own, {recursive: true})
      const machine = state.nodes[name]
      return [name, imageRoot({folder: own, namespace, runCalico: directory, ...(machine && {files: filesOf(machine), scripts: scriptsOf(machine)})})]
    }),
  )
  return node => insides.get(node)
}

/** The kernel's own files are this machine's. */
const filesOf = ({files}: SimulatedNode) => Object.fromEntries(Object.entries(files).filter(([path]) => !/^\/(proc|sys)\//.test(path)))

/** Up to 3.32 `calico-node -v` says the version, from then on `calico version`. */
function scriptsOf({calicoVersion}: SimulatedNode): Record<string, string> {
  const [major = 0, minor = 0] = calicoVersion.split('.').map(Number)
  const say = `echo v${calicoVersion}`
  return major > 3 || minor >= 33 ? {calico: `[ "$*" = version ] && ${say}`} : {'calico-node': `[ "$*" = -v ] && ${say}`}
}

/** The same cluster with the lab's addresses, wherever a node's address stands in an object. Nodes of the lab have names of the state. */
export function atLabAddresses(state: ClusterState, lab: Lab): ClusterState {
  const moves = new Map(lab.nodes.map(({name, address}) => [internalIp(state, name), address]))
  const move = (text: string) => text.replace(/\d+\.\d+\.\d+\.\d+/g, address => moves.get(address) ?? address)
  return {...state, objects: JSON.parse(move(JSON.stringify(state.objects)))}
}

function internalIp({objects}: ClusterState, name: string): string {
  const node = objects.nodes?.find(({metadata}) => metadata.name === name)
  const address = addressesOf(node).find(({type}) => type === 'InternalIP')?.address
  if (address === undefined) throw new Error(`node ${name} of the lab has no InternalIP in the cluster`)
  return address
}

const addressesOf = (node: KubeObject | undefined) =>
  (node?.status as {addresses?: readonly {readonly type: string; readonly address: string}[]} | undefined)?.addresses ?? []
