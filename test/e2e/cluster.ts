import {inject} from 'vitest'
import {keyOf} from '../../src/demo/api-resources.ts'
import type {ClusterState} from '../../src/demo/cluster-state.ts'
import './global-setup.ts'
import {type CalicoMode, calicoCrds, installCrds} from './calico-crds.ts'
import {type ControlPlane, startControlPlane} from './control-plane.ts'
import type {Executor} from './executor.ts'
import {type Kubelets, startKubelets} from './kubelet.ts'
import {seed} from './seed.ts'
import {kubeletsOf} from './simulated-kubelets.ts'

const found = inject('e2e')
/** Why there is no real API server here; undefined when there is one. For `describe.skipIf`. */
export const whyNone = 'missing' in found ? found.missing : undefined
export const assets = 'assets' in found ? found.assets : undefined

/** Nothing in it yet. */
export function startEmpty(options: {serviceCidr?: string; flags?: readonly string[]} = {}): Promise<ControlPlane> {
  if (!assets) throw new Error(whyNone)
  return startControlPlane({assets, ...options})
}

export interface RealCluster extends ControlPlane {
  readonly kubelets: Kubelets
}
export interface RealClusterOptions {
  /** What is inside a node; the simulated machine when it says undefined. */
  readonly execute?: (node: string) => Executor | undefined
  readonly flags?: readonly string[]
}
/** A real API server with the objects of a simulated cluster, and kubelets for its nodes. */
export async function startReal(state: ClusterState, {execute, flags = []}: RealClusterOptions = {}): Promise<RealCluster> {
  const plane = await startEmpty({serviceCidr: serviceCidrOf(state), flags})
  const kubelets = await startKubelets(kubeletsOf(state, execute), plane)
  const close = async () => {
    await kubelets.close()
    await plane.close()
  }
  try {
    const groups = new Set(state.resources.map(({group}) => group))
    await installCrds(plane.admin, calicoCrds({mode: modeOf(state), operator: groups.has('operator.tigera.io')}))
    await seed(plane.admin, state, {kubelets: kubelets.places})
    return {...plane, kubelets, close}
  } catch (error) {
    await close()
    throw error
  }
}

function modeOf({resources}: ClusterState): CalicoMode {
  const native = resources.some(({group, custom}) => group === 'projectcalico.org' && custom)
  const aggregated = resources.some(({group, custom}) => group === 'projectcalico.org' && !custom)
  return native ? 'native-v3' : aggregated ? 'aggregated' : 'crd-v1'
}

function serviceCidrOf({objects}: ClusterState): string {
  const [cidr] = objects[keyOf({group: 'networking.k8s.io', resource: 'servicecidrs'})] ?? []
  return (cidr?.spec as {cidrs?: readonly string[]} | undefined)?.cidrs?.join(',') ?? '10.96.0.0/12'
}
