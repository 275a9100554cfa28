import {homedir} from 'node:os'
import {join} from 'node:path'
import {scenario} from '../../src/demo/index.ts'
import type {Assets} from './assets.ts'
import {crdsServed} from './calico-crds.ts'
import {type ControlPlane, startControlPlane} from './control-plane.ts'
import {type KubeletPlace, startKubelets} from './kubelet.ts'
import {crds, etcdSnapshot} from './scale-snapshot.ts'
import {kubeletsOf} from './simulated-kubelets.ts'

export interface ScaleOptions {
  readonly assets: Assets
  readonly nodes: number
  readonly pods: number
  /** Default: beside the programs. */
  readonly cache?: string
}
/** A healthy cluster of any size on a real API server: seconds, once its objects were written. Its kubelets answer from this process. */
export async function startScale({assets, nodes, pods, cache = usualCache}: ScaleOptions): Promise<ControlPlane> {
  const state = scenario('healthy', {nodes, pods})
  const places = state.objects.nodes!.map((_node, index) => placeOf(index))
  const kubelets = new Map(state.objects.nodes!.map(({metadata: {name}}, index) => [name, places[index]!]))
  const etcdData = await etcdSnapshot({assets, cache, state, kubelets})
  const plane = await startControlPlane({assets, etcdData})
  try {
    await crdsServed(plane.admin, crds)
    const machines = await startKubelets(kubeletsOf(state), plane, places)
    return {...plane, close: () => machines.close().then(plane.close)}
  } catch (error) {
    await plane.close()
    throw error
  }
}

const usualCache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'calico-doctor', 'e2e')

/** In the kept status of the nodes, so always the same: one port for each, below those that Linux hands out. */
const placeOf = (index: number): KubeletPlace => ({address: process.platform === 'linux' ? '127.22.0.1' : '127.0.0.1', port: 20_000 + index})
