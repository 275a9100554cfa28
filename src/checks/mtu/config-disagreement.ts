import {firstLines} from '../../calico/evidence.ts'
import {tunnels} from '../../calico/mtu.ts'
import {beaten, type MtuClaim, overruled, podClaim, tighterThan, tunnelClaims, unreadableVethMtu} from '../../calico/mtu-claims.ts'
import {cniGroups, largerThanComputed, unseenPlaces} from '../../calico/mtu-files.ts'
import {tunnelsInUse} from '../../calico/mtu-tunnels.ts'
import {nodeList} from '../../calico/node-list.ts'
import {howToSet} from '../../calico/owner.ts'
import {patchCalico, restartCalicoNode} from '../../calico/owners/commands.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {type Collected, known, unknown} from '../../engine/collected.ts'
import {exampleEnv, examplePool, manifestInstall, operatorInstall} from '../example-cluster.ts'

type Said = Pick<MtuClaim, 'mtu' | 'where'>
interface TwoPlaces {
  readonly one: Said
  readonly other: Said
  readonly fix: readonly Fix[]
}
interface OnNodes extends TwoPlaces {
  readonly nodes: readonly string[]
}

const says = ({mtu, where}: Said) => `${where} says ${mtu === 0 ? '0 (automatic)' : mtu}`
const fix = ({fix}: TwoPlaces) => fix
const verify = () => ({text: 'All places say one number, or leave it to Calico.', command: 'calico-doctor check --only mtu/config-disagreement'})

export default defineCheck({
  id: 'mtu/config-disagreement',
  title: 'All places that set the MTU mean the same',
  failureTitle: 'Places that set the MTU disagree',
  why:
    "The MTU of pods comes from the CNI configuration, that of tunnels from Felix's settings, and each can be set in several places of which one wins. " +
    'When they disagree, a change made in one has no effect, or pods send packets that the tunnel has to refuse.',
  needs: ['nodeEnv'],
  uses: ['felixConfigurations', 'calicoConfig', 'installation', 'cniConfig', 'mtuFile', 'install', 'ipPools'],
  messages: {
    overridden: {
      severity: 'warning',
      text: ({one, other}: TwoPlaces) => `${says(other)} and has no effect: ${says(one)}, and the environment wins.`,
      fix,
      verify,
    },
    podsLarger: {
      severity: 'warning',
      text: ({one, other}: TwoPlaces) => `Pods are given more than their tunnel takes: ${says(one)}, and ${says(other)}.`,
      fix,
      verify,
    },
    largerThanComputed: {
      severity: 'warning',
      text: ({one, other, nodes}: OnNodes) => `Pods are given more than Felix found to fit on ${nodeList(nodes)}: ${says(one)}, and ${says(other)}.`,
      fix,
      verify,
    },
    notRolledOut: {
      severity: 'warning',
      text: ({one, other, nodes}: OnNodes) => `${says(one)}, and on ${nodeList(nodes)} ${says(other)}: calico-node there has not started since the change.`,
      fix,
      verify,
    },
    overruled: {
      severity: 'warning',
      text: ({one, other}: TwoPlaces) => `${says(one)}, and calico-node runs with another: ${says(other)}.`,
      fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/configuring/mtu', 'https://docs.tigera.io/calico/latest/reference/felix/configuration'],
  *run(facts, report) {
    const {install, ipPools, felixConfigurations, calicoConfig, installation, cniConfig, mtuFile} = facts
    const places = {nodeEnv: known(facts.nodeEnv), felixConfigurations, calicoConfig, installation}
    const used = ipPools.known && ipPools.partial === undefined ? tunnelsInUse({...places, install, ipPools: ipPools.value}).tunnels : Object.values(tunnels)
    const claims = used.flatMap(tunnel => tunnelClaims(tunnel, places) ?? [])
    const pods = podClaim(places)
    const foreign = pods ? overruled(pods, claims) : []
    const tight = pods && foreign.length === 0 ? tighterThan(pods, claims) : undefined
    const means = (mtu: number) => howToSet(install, 'mtu', String(mtu))

    for (const {field, inForce, other} of beaten(claims))
      yield report.overridden({one: inForce, other, fix: [means(other.mtu), withdraw(field, other)]}, {...about(other), evidence: [says(inForce), says(other)]})
    if (pods && tight) yield report.podsLarger({one: pods, other: tight, fix: [means(tight.mtu)]}, {...about(pods), evidence: [says(pods), says(tight)]})
    for (const {pods: mtu, felix, nodes} of tight ? [] : largerThanComputed({cniConfig, mtuFile})) {
      const [one, other] = [onDisk(mtu), {mtu: felix, where: '/var/lib/calico/mtu'}]
      yield report.largerThanComputed({one, other, nodes, fix: [means(felix)]}, onNodes(nodes, one, other))
    }
    for (const {mtu, nodes} of cniGroups({cniConfig, mtuFile}).filter(group => pods && group.mtu !== pods.mtu))
      yield report.notRolledOut({one: pods!, other: onDisk(mtu), nodes, fix: [restart(install)]}, onNodes(nodes, onDisk(mtu), pods!))
    for (const other of foreign) yield report.overruled({one: pods!, other, fix: [means(pods!.mtu)]}, {...about(pods!), evidence: [says(pods!), says(other)]})

    const wrong = unreadableVethMtu(calicoConfig)
    const unseen = unseenPlaces(
      {cniConfig, mtuFile},
      {FelixConfiguration: felixConfigurations, 'ConfigMap calico-config': calicoConfig, Installation: installation},
    )
    for (const reason of [...(wrong ? [wrong] : []), ...unseen]) yield undecided(reason)
  },
  examples: {
    'automatic everywhere': {given: given({}), finds: []},
    'veth_mtu feeds CNI and all tunnels': {
      given: given({
        veth: '1440',
        env: {FELIX_IPINIPMTU: '1440', FELIX_VXLANMTU: '1440', FELIX_WIREGUARDMTU: '1440'},
        cni: {a: 1440, b: 1440},
        file: {a: 1440, b: 1440},
      }),
      finds: [],
    },
    'pods smaller than what would fit': {given: given({veth: '1400', env: {FELIX_IPINIPMTU: '1480'}, cni: {a: 1400}, file: {a: 1480}}), finds: []},
    'FelixConfiguration is beaten by veth_mtu': {
      given: given({veth: '1440', env: {FELIX_IPINIPMTU: '1440'}, felix: {ipipMTU: 1480}, cni: {a: 1440}, file: {a: 1440}}),
      finds: ['overridden FelixConfiguration/default'],
    },
    'FelixConfiguration is beaten by an environment that says automatic': {
      given: given({env: {FELIX_IPINIPMTU: '0'}, felix: {ipipMTU: 1400}}),
      finds: ['overridden FelixConfiguration/default'],
    },
    'an empty variable beats nothing': {given: given({env: {FELIX_IPINIPMTU: ''}, felix: {ipipMTU: 1480}, file: {a: 1480}}), finds: []},
    'the MTU of a tunnel that is not in use': {given: given({env: {FELIX_VXLANMTU: '1410'}, felix: {vxlanMTU: 1450, wireguardMTU: 1400}}), finds: []},
    'pods of 1500 over an IPIP tunnel of 1440': {
      given: given({veth: '1500', felix: {ipipMTU: 1440}, cni: {a: 1500}, file: {a: 1440}}),
      finds: ['podsLarger ConfigMap/calico-config'],
    },
    'nodes with an older CNI configuration': {
      given: given({veth: '1400', env: {FELIX_IPINIPMTU: '1400'}, cni: {a: 1400, b: 1480, c: 1480}, file: {a: 1400, b: 1480, c: 1480}}),
      finds: ['notRolledOut Node/b Node/c'],
    },
    'a hand-made CNI configuration, larger than what Felix found': {
      given: {...given({cni: {a: 1500}, file: {a: 1480}}), calicoConfig: unknown('absent', '404')},
      finds: ['largerThanComputed Node/a'],
    },
    'Installation and the environment agree': {given: operated(1450, {FELIX_IPINIPMTU: '1450', FELIX_VXLANMTU: '1450'}, 1450), finds: []},
    'somebody edited the DaemonSet of the operator': {given: operated(1450, {FELIX_IPINIPMTU: '1400'}, 1450), finds: ['overruled Installation/default']},
    'nodes not seen: no agreement': {given: {...given({}), cniConfig: known({a: unknown('timeout', '15 s')})}, finds: []},
  },
})

const onDisk = (mtu: number): Said => ({mtu, where: 'the CNI configuration'})
const about = ({kind, name}: MtuClaim): Where => ({subjects: [{kind, name}]})
const onNodes = (nodes: readonly string[], own: Said, other: Said): Where => ({
  subjects: nodes.map(name => ({kind: 'Node', name})),
  evidence: [...firstLines(nodes.map(node => `${node}: ${says(own)}`)), says(other)],
})

const withdraw = (field: string, {where, name}: MtuClaim): Fix => ({
  text: `Where the number in force is the right one, take the other out of ${where}, so that nobody is misled.`,
  command: patchCalico('felixconfiguration', name, {[field]: 0}),
})

const restart = (install: Collected<Parameters<typeof restartCalicoNode>[0]>): Fix => ({
  text: 'Restart calico-node, which writes the CNI configuration when it starts; then recreate pods, which keep the MTU they were made with.',
  ...(install.known && {command: restartCalicoNode(install.value)}),
})

interface Given {
  readonly veth?: string
  readonly env?: Readonly<Record<string, string>>
  readonly felix?: Readonly<Record<string, number>>
  /** By node. */
  readonly cni?: Readonly<Record<string, number>>
  readonly file?: Readonly<Record<string, number>>
}

/** A manifest install with one IPIP pool; automatic where nothing is given. */
function given({veth = '0', env = {}, felix, cni = {a: 0}, file = {a: 1480}}: Given) {
  const data = {veth_mtu: veth, cni_network_config: '{"plugins": [{"type": "calico", "mtu": __CNI_MTU__}]}'}
  return {
    nodeEnv: exampleEnv(env).value,
    felixConfigurations: known(felix ? [{name: 'default', spec: felix}] : []),
    calicoConfig: known({namespace: 'kube-system', name: 'calico-config', data}),
    installation: unknown('absent', '404'),
    cniConfig: known(Object.fromEntries(Object.entries(cni).map(([node, mtu]) => [node, known({mtu})]))),
    mtuFile: known(Object.fromEntries(Object.entries(file).map(([node, mtu]) => [node, known(mtu)]))),
    install: manifestInstall,
    ipPools: known([examplePool('default-ipv4-ippool', '10.244.0.0/16', {ipipMode: 'Always'})]),
  }
}

function operated(mtu: number, env: Readonly<Record<string, string>>, file: number) {
  return {
    ...given({env, cni: {a: mtu}, file: {a: file}}),
    calicoConfig: unknown('absent', '404'),
    installation: known({spec: {calicoNetwork: {mtu}}}),
    install: operatorInstall,
  }
}
