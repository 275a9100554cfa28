import {poolText} from '../../calico/cidr-pools.ts'
import type {BgpSettings, CalicoVersion, Install} from '../../calico/cluster.ts'
import {felixSetting} from '../../calico/felix-setting.ts'
import type {KubeNode} from '../../calico/kubernetes.ts'
import {howToSet} from '../../calico/owner.ts'
import {hostLocalIpam, otherNetwork} from '../../calico/policy-only.ts'
import {activePools} from '../../calico/pools.ts'
import type {IpPool} from '../../calico/resources.ts'
import {felixWritesRoutes, type RouteKind} from '../../calico/route-owner.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {type Collected, known, unknown, valueOf} from '../../engine/collected.ts'
import {exampleEnv, exampleNode, examplePool, manifestInstall, operatorInstall} from '../example-cluster.ts'

interface Unrouted {
  /** `default-ipv4-ippool (10.244.0.0/16)`. */
  readonly pools: readonly string[]
  readonly backend: string
  readonly source: string
  readonly fix: readonly Fix[]
}

const poolsText = ({pools}: Unrouted) =>
  `IPPool ${pools.slice(0, 3).join(', ')}${pools.length > 3 ? `, … +${pools.length - 3}` : ''} ${pools.length === 1 ? 'uses' : 'use'}`
const backendText = ({backend, source}: Unrouted) => `backend ${backend} (${source})`
const fix = ({fix}: Unrouted) => fix
const verify = () => ({
  text: 'Pods reach pods on other nodes, and every node has routes to the blocks of the others.',
  command: 'calico-doctor check --only encapsulation/backend',
})

export default defineCheck({
  id: 'encapsulation/backend',
  title: 'Every pool has somebody who writes its routes',
  failureTitle: 'Nobody writes the routes of an IP pool',
  why:
    'Routes to pods on other nodes are written by Felix for VXLAN, and by BIRD for pools without encapsulation and, before v3.33, for IPIP. ' +
    'When the networking backend leaves BIRD out, pods of such pools reach only pods on their own node.',
  needs: ['nodes', 'ipPools', 'bgpSettings'],
  uses: ['calicoVersion', 'felixConfigurations', 'nodeEnv', 'install', 'installation', 'calicoConfig', 'dataplane'],
  notApplicable: ({ipPools, install, installation, nodeEnv, dataplane}) =>
    activePools(ipPools).length === 0 ? 'Calico gives out no addresses: there is no active IP pool' : otherNetwork({install, installation, nodeEnv, dataplane}),
  messages: {
    ipip: {
      severity: 'error',
      text: (args: Unrouted) => `${poolsText(args)} IPIP. Its routes are BIRD's work here, and BIRD does not run: ${backendText(args)}.`,
      fix,
      verify,
    },
    bare: {
      severity: 'error',
      text: (args: Unrouted) => `${poolsText(args)} no encapsulation. Such routes are BIRD's work, and BIRD does not run: ${backendText(args)}.`,
      fix,
      verify,
    },
    noAddresses: {
      severity: 'error',
      text: (args: Unrouted) => `${poolsText(args)} routes that Felix writes between Calico's node addresses, and no node has one: ${backendText(args)}.`,
      fix,
      verify,
      absentFrom: ['nodes'],
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/configuring/vxlan-ipip', 'https://docs.tigera.io/calico/latest/reference/configure-calico-node'],
  *run(facts, report) {
    const {ipPools, bgpSettings, install, calicoVersion, nodes, felixConfigurations, nodeEnv} = facts
    const linux = nodes.filter(({operatingSystem, virtual}) => operatingSystem === 'linux' && !virtual)
    if (bgpSettings.backend === 'bird' || linux.length < 2) return
    const pools = byEncapsulation(activePools(ipPools))
    const setting = felixSetting('programClusterRoutes', {felixConfigurations, nodeEnv})
    const writes = (kind: RouteKind) => felixWritesRoutes(kind, valueOf(calicoVersion), setting)
    const seen = [
      calicoVersion.known ? `Calico v${calicoVersion.value.version}` : '',
      setting.setting ? `${setting.setting.source} ${setting.setting.value}` : '',
    ].filter(Boolean)

    if (pools.ipip.length > 0 && writes('ipip') === false) yield report.ipip(...said(pools.ipip, bgpSettings, withBird(install, pools.ipip), seen))
    if (pools.bare.length > 0 && writes('bare') === false && !hostLocalIpam(facts))
      yield report.bare(...said(pools.bare, bgpSettings, withBird(install, pools.bare), seen))
    const byFelix = [...pools.vxlan, ...(writes('ipip') ? pools.ipip : []), ...(writes('bare') ? pools.bare : [])]
    if (byFelix.length > 0 && !linux.some(hasAddress) && bgpSettings.backend === 'none')
      yield report.noAddresses(...said(byFelix, bgpSettings, [howToSet(install, 'backend', 'vxlan')], [noAnnotation]))
    for (const kind of ['ipip', 'bare'] as const) if (pools[kind].length > 0 && writes(kind) === undefined) yield undecided(unseenWriter)
  },
  examples: {
    'IPIP with BIRD': {given: given({}), finds: []},
    'VXLAN with BIRD: Felix writes its routes all the same': {given: given({pool: {vxlanMode: 'Always'}}), finds: []},
    'VXLAN without BIRD': {given: given({pool: {vxlanMode: 'CrossSubnet'}, backend: 'vxlan'}), finds: []},
    'IPIP without BIRD': {given: given({backend: 'vxlan'}), finds: ['ipip IPPool/p']},
    'IPIP with BGP switched off in Installation': {
      given: {...given({backend: 'vxlan'}), install: operatorInstall, installation: known({spec: {calicoNetwork: {bgp: 'Disabled'}}})},
      finds: ['ipip IPPool/p'],
    },
    'IPIP without BIRD since v3.33: Felix writes its routes': {given: given({backend: 'vxlan', minor: 33}), finds: []},
    'v3.33 with Felix told to leave routes to BIRD': {
      given: {...given({backend: 'vxlan', minor: 33}), felixConfigurations: known([{name: 'default', spec: {programClusterRoutes: 'Disabled'}}])},
      finds: ['ipip IPPool/p'],
    },
    'no encapsulation without BIRD': {given: given({pool: {}, backend: 'none'}), finds: ['bare IPPool/p']},
    'no encapsulation, and Felix was told to write its routes': {
      given: {...given({pool: {}, backend: 'vxlan', minor: 33}), felixConfigurations: known([{name: 'default', spec: {programClusterRoutes: 'Enabled'}}])},
      finds: [],
    },
    'no encapsulation, host-local addresses that the cloud routes': {
      given: {...given({pool: {}, backend: 'none'}), calicoConfig: known(configMap('"ipam": {"type": "host-local", "subnet": "usePodCidr"}'))},
      finds: [],
    },
    'VXLAN, and calico-node for policy only': {given: given({pool: {vxlanMode: 'Always'}, backend: 'none', annotations: {}}), finds: ['noAddresses IPPool/p']},
    'one node has nobody to route to': {given: {...given({backend: 'vxlan'}), nodes: [exampleNode('a', 1)]}, finds: []},
    'EKS: aws-node routes pods': {
      given: {...given({backend: 'none'}), installation: known({spec: {cni: {type: 'AmazonVPC'}}}), install: operatorInstall},
      finds: [],
    },
    canal: {given: {...given({pool: {}, backend: 'none'}), install: known({...manifestInstall.value, flavour: 'canal'})}, finds: []},
    'policy only, no pool': {given: {...given({backend: 'none'}), ipPools: []}, finds: []},
    'the version was not seen: cannot be told': {given: {...given({backend: 'vxlan'}), calicoVersion: unknown('failed', 'no image tag')}, finds: []},
  },
})

function byEncapsulation(pools: readonly IpPool[]): {readonly ipip: IpPool[]; readonly vxlan: IpPool[]; readonly bare: IpPool[]} {
  const on = (mode: string | undefined) => mode === 'Always' || mode === 'CrossSubnet'
  const ipip = pools.filter(({spec}) => on(spec.ipipMode))
  const vxlan = pools.filter(({spec}) => !on(spec.ipipMode) && on(spec.vxlanMode))
  return {ipip, vxlan, bare: pools.filter(({spec}) => !on(spec.ipipMode) && !on(spec.vxlanMode))}
}

/** With backend none calico-node starts without an address of its own where IP is empty (node/pkg/lifecycle/startup), as for policy only. */
const hasAddress = ({calico}: KubeNode) => calico.ipv4 !== undefined || calico.ipv6 !== undefined
const poolModes = ({name, spec}: IpPool) => `IPPool ${name}: cidr ${spec.cidr} ipipMode ${spec.ipipMode ?? 'Never'} vxlanMode ${spec.vxlanMode ?? 'Never'}`

const noAnnotation = 'no node has annotation projectcalico.org/IPv4Address or IPv6Address'
const unseenWriter = 'whether Felix or BIRD writes the routes depends on Calico version and programClusterRoutes, and not both were seen'

const said = (
  pools: readonly IpPool[],
  {backend, backendSource: source}: BgpSettings,
  fix: readonly Fix[],
  seen: readonly string[],
): readonly [Unrouted, Where] => [
  {pools: pools.map(poolText), backend, source, fix},
  {subjects: pools.map(({name}) => ({kind: 'IPPool', name})), evidence: [...pools.map(poolModes), `backend ${backend}: ${source}`, ...seen]},
]

function withBird(install: Collected<Install>, pools: readonly IpPool[]): Fix[] {
  const withoutBird = pools.slice(0, 3).map(({name}) => howToSet(install, 'encapsulation', 'VXLAN', {pool: name}))
  return [howToSet(install, 'backend', 'bird'), ...withoutBird.map(({text, ...more}) => ({text: `Or do without BIRD: ${text}`, ...more}))]
}

interface Given {
  readonly pool?: Partial<IpPool['spec']>
  readonly backend?: BgpSettings['backend']
  readonly minor?: number
  readonly annotations?: KubeNode['calico']
}
/** Two nodes of v3.30 from the manifest, with one IPIP pool and BIRD. */
function given({pool = {ipipMode: 'Always'}, backend = 'bird', minor = 30, annotations}: Given) {
  const version: CalicoVersion = {version: `3.${minor}.0`, major: 3, minor, patch: 0, source: 'image calico/node'}
  const bgpSettings: BgpSettings = {
    backend,
    backendSource: 'ConfigMap kube-system/calico-config key calico_backend',
    mesh: true,
    asNumber: '64512',
    listenPort: 179,
  }
  return {
    nodes: [exampleNode('a', 1, annotations && {annotations}), exampleNode('b', 2, annotations && {annotations})],
    ipPools: [examplePool('p', '10.244.0.0/16', pool)],
    bgpSettings,
    calicoVersion: known(version),
    felixConfigurations: known([]),
    nodeEnv: exampleEnv({}),
    install: manifestInstall,
    installation: unknown('absent', '404'),
    calicoConfig: known(configMap('"ipam": {"type": "calico-ipam"}')),
    dataplane: known({kind: 'iptables' as const, source: 'default'}),
  }
}

function configMap(plugin: string) {
  return {namespace: 'kube-system', name: 'calico-config', data: {cni_network_config: `{"plugins": [{"type": "calico", ${plugin}}]}`}}
}
