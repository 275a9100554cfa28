import type {Collected} from '../engine/collected.ts'
import type {BgpSession} from './bgp-session.ts'
import type {BgpSettings, NodeEnv} from './cluster.ts'
import type {BgpConfiguration, Installation} from './resources.ts'

type Backend = Pick<BgpSettings, 'backend' | 'backendSource'>

/**
 * CALICO_NETWORKING_BACKEND as the container gets it; bird when it is unset (node: rc.local). Where its value could not be seen, what the operator makes
 * of Installation bgp (operator: pkg/render/node.go). undefined: neither says.
 */
export function backendOf(env: NodeEnv, installation: Installation | undefined): Backend | undefined {
  const variable = env.CALICO_NETWORKING_BACKEND
  if (!variable || variable.value === '') return {backend: 'bird', backendSource: 'default: CALICO_NETWORKING_BACKEND is not set'}
  if (variable.value !== undefined) return named(variable.value, variable.source)
  return installation && operatorBackend(installation)
}

/** Any word but these starts no BIRD: runit's run scripts are there for bird, vxlan and none. */
const named = (value: string, backendSource: string): Backend => ({
  backend: (['bird', 'vxlan'] as const).find(backend => backend === value) ?? 'none',
  backendSource,
})

function operatorBackend({spec, computed = spec}: Installation): Backend | undefined {
  const {calicoNetwork, cni} = computed
  const backendSource = 'Installation spec.calicoNetwork.bgp'
  if (calicoNetwork?.linuxDataplane === 'VPP') return {backend: 'none', backendSource: 'Installation spec.calicoNetwork.linuxDataplane'}
  if (calicoNetwork?.bgp === undefined) return undefined
  return {backend: calicoNetwork.bgp === 'Enabled' ? 'bird' : cni?.ipam?.type === 'Calico' ? 'vxlan' : 'none', backendSource}
}

/** Defaults: libcalico-go/lib/backend, facts calico.md §8.2. */
export const meshSettings = (configuration: BgpConfiguration | undefined): Pick<BgpSettings, 'mesh' | 'asNumber' | 'listenPort'> => ({
  mesh: configuration?.spec.nodeToNodeMeshEnabled ?? true,
  asNumber: String(configuration?.spec.asNumber ?? 64512),
  listenPort: configuration?.spec.listenPort ?? 179,
})

/** The TCP port that a session calls: names of mesh sessions never have it, so there it is listenPort of BGPConfiguration default (bgp_processor.go). */
export const portOf =
  (settings: Collected<BgpSettings>) =>
  ({type, port}: BgpSession): number =>
    port ?? (type === 'mesh' && settings.known ? settings.value.listenPort : 179)
