import {onAzure} from '../../calico/azure.ts'
import {poolText} from '../../calico/cidr-pools.ts'
import type {Install} from '../../calico/cluster.ts'
import {firstLines} from '../../calico/evidence.ts'
import type {KubeNode} from '../../calico/kubernetes.ts'
import {nodeList} from '../../calico/node-list.ts'
import {howToSet} from '../../calico/owner.ts'
import {activePools} from '../../calico/pools.ts'
import type {IpPool} from '../../calico/resources.ts'
import {defineCheck, type Fix, undecided} from '../../engine/check.ts'
import {type Collected, known, type PerNode, unknown} from '../../engine/collected.ts'
import {exampleNode, examplePool, manifestInstall, operatorInstall} from '../example-cluster.ts'

interface Ipip {
  /** `default-ipv4-ippool (10.244.0.0/16)`. */
  readonly pools: readonly string[]
  readonly nodes: readonly string[]
  /** Of how many nodes. */
  readonly all: number
  readonly crossSubnet: boolean
  readonly fix: readonly Fix[]
}

const azure = {providerId: 'azure:///subscriptions/1/resourceGroups/2/providers/Microsoft.Compute/virtualMachines/a'}

export default defineCheck({
  id: 'encapsulation/ipip-on-azure',
  title: 'No IP pool uses IPIP on Azure',
  failureTitle: 'IPIP is used on Azure, which does not support it',
  // One report has IPIP passing the conformance tests on Azure: unsupported, not impossible (facts: incident 41).
  why:
    "Azure's network carries TCP, UDP and ICMP between machines, and IPIP is a protocol of its own. Packets between pods of different nodes are lost there " +
    'without any error, while pods of one node reach each other and BGP sessions are up.',
  needs: ['nodes', 'ipPools'],
  uses: ['chassisTag', 'install'],
  notApplicable: ({ipPools}) => (ipipPools(ipPools).length === 0 ? 'no active pool uses IPIP' : undefined),
  messages: {
    unsupported: {
      severity: 'error',
      text: ({pools, nodes, all, crossSubnet}: Ipip) =>
        `IPIP is unsupported on Azure and asked for by IPPool ${pools.slice(0, 3).join(', ')}${pools.length > 3 ? `, … +${pools.length - 3}` : ''}` +
        `${crossSubnet ? ' between subnets; within one, bare pod addresses need routes of your own there' : ''}. ` +
        `On Azure: ${nodeList(nodes)}${nodes.length < all ? `; elsewhere: ${all - nodes.length}` : ''}.`,
      fix: ({fix}: Ipip) => fix,
      verify: () => ({
        text: 'The pool uses VXLAN, and a pod reaches a pod on another node.',
        command: 'calico-doctor check --only encapsulation/ipip-on-azure',
      }),
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/reference/public-cloud/azure', 'https://docs.tigera.io/calico/latest/networking/configuring/vxlan-ipip'],
  *run({nodes, ipPools, chassisTag, install}, report) {
    const pools = ipipPools(ipPools)
    const tagOf = (node: string) => (chassisTag.known ? (chassisTag.value[node] ?? unknown('not-collected')) : chassisTag)
    const linux = nodes.filter(({operatingSystem, virtual}) => operatingSystem === 'linux' && !virtual)
    const told = linux.map(node => ({node, on: onAzure(node, tagOf(node.name))}))
    const azure = told.flatMap(({node, on}) => (on.azure ? [{name: node.name, evidence: on.evidence}] : []))
    if (azure.length > 0) {
      const names = azure.map(({name}) => name)
      const crossSubnet = pools.every(({spec}) => spec.ipipMode === 'CrossSubnet')
      const fix = [...pools.map(({name}) => howToSet(install, 'encapsulation', 'VXLAN', {pool: name})), live]
      yield report.unsupported(
        {pools: pools.map(poolText), nodes: names, all: linux.length, crossSubnet, fix},
        {
          subjects: [...pools.map(({name}) => ({kind: 'IPPool', name})), ...names.map(name => ({kind: 'Node', name}))],
          evidence: [...pools.map(poolModes), ...firstLines(azure.map(({name, evidence}) => `${name}: ${evidence}`))],
        },
      )
    }
    for (const [reason, of] of Map.groupBy(told, ({on}) => ('reason' in on ? on.reason : ''))) {
      if (reason !== '') yield undecided(`whether ${nodeList(of.map(({node}) => node.name))} ${of.length === 1 ? 'is' : 'are'} on Azure: ${reason}`)
    }
  },
  examples: {
    'VXLAN on Azure': {given: given({ipPools: [examplePool('p', '10.244.0.0/16', {vxlanMode: 'Always'})]}), finds: []},
    'IPIP on Azure': {given: given({}), finds: ['unsupported IPPool/p Node/a Node/b']},
    'IPIP CrossSubnet on Azure': {
      given: given({ipPools: [examplePool('p', '10.244.0.0/16', {ipipMode: 'CrossSubnet'})], install: operatorInstall}),
      finds: ['unsupported IPPool/p Node/a Node/b'],
    },
    'IPIP on AWS': {given: given({nodes: [exampleNode('a', 1, {providerId: 'aws:///eu-west-1a/i-0123'})]}), finds: []},
    'a disabled pool': {given: given({ipPools: [examplePool('p', '10.244.0.0/16', {ipipMode: 'Always', disabled: true})]}), finds: []},
    'Azure and machines elsewhere in one cluster': {
      given: given({nodes: [exampleNode('a', 1, azure), exampleNode('edge', 2, {providerId: 'openstack:///4711'})]}),
      finds: ['unsupported IPPool/p Node/a'],
    },
    'k3s wrote its own providerID, a label tells': {
      given: given({nodes: [exampleNode('a', 1, {providerId: 'k3s://a', labels: {'node.kubernetes.io/instance-type': 'Standard_D4s_v3'}})]}),
      finds: ['unsupported IPPool/p Node/a'],
    },
    'no providerID, no label, the machine itself tells': {
      given: given({nodes: [exampleNode('a', 1)], chassisTag: known({a: known('7783-7084-3265-9085-8269-3286-77')})}),
      finds: ['unsupported IPPool/p Node/a'],
    },
    'bare metal': {
      given: given({nodes: [exampleNode('a', 1), exampleNode('b', 2)], chassisTag: known({a: known('No Asset Tag'), b: unknown('absent', 'no DMI')})}),
      finds: [],
    },
    'nothing says where the machine is: cannot be told': {given: given({nodes: [exampleNode('a', 1)], chassisTag: unknown('forbidden', '403')}), finds: []},
  },
})

const ipipPools = (pools: readonly IpPool[]) => activePools(pools).filter(({spec}) => spec.ipipMode === 'Always' || spec.ipipMode === 'CrossSubnet')
const poolModes = ({name, spec}: IpPool) => `IPPool ${name}: cidr ${spec.cidr} ipipMode ${spec.ipipMode}`

const live: Fix = {
  text:
    'VXLAN needs UDP port 4789 open between the nodes (network security groups). Switching a pool that is in use interrupts traffic between nodes ' +
    'until every node has followed: announce it.',
}

interface Given {
  readonly nodes: readonly KubeNode[]
  readonly ipPools: readonly IpPool[]
  readonly chassisTag: Collected<PerNode<string>>
  readonly install: Collected<Install>
}
/** Two machines on Azure and one IPIP pool, where nothing else is said. */
function given(more: Partial<Given>): Given {
  return {
    nodes: [exampleNode('a', 1, azure), exampleNode('b', 2, azure)],
    ipPools: [examplePool('p', '10.244.0.0/16', {ipipMode: 'Always'})],
    chassisTag: known({}),
    install: manifestInstall,
    ...more,
  }
}
