import {linksOf, type NodeHit, nodePlace, nodesIn} from '../../calico/cidr-nodes.ts'
import {leavePool} from '../../calico/cidr-pool-fix.ts'
import {type PoolCidr, poolLine, poolText, readPools, unreadPool} from '../../calico/cidr-pools.ts'
import {firstLines} from '../../calico/evidence.ts'
import {nodeList} from '../../calico/node-list.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {known, unknown} from '../../engine/collected.ts'
import {exampleLinks, exampleNode, examplePool, exampleVxlan, manifestInstall} from '../example-cluster.ts'

interface Overlap {
  /** `default-ipv4-ippool (192.168.0.0/16)`. */
  readonly pool: string
  readonly nodes: readonly string[]
  /** Addresses or subnets, each once. */
  readonly shared: readonly string[]
  readonly fix: readonly Fix[]
}

const some = (items: readonly string[]) => `${items.slice(0, 3).join(', ')}${items.length > 3 ? `, … +${items.length - 3}` : ''}`
const fix = ({fix}: Overlap) => fix
const verify = () => ({text: 'Nodes and pools are apart.', command: 'calico-doctor check --only cidr/nodes-overlap'})

export default defineCheck({
  id: 'cidr/nodes-overlap',
  title: 'IP pools are apart from the network of the nodes',
  failureTitle: 'An IP pool overlaps the network of the nodes',
  why:
    'Calico routes the blocks of its pools to pods and treats every address in a pool as a pod. When the nodes or their gateway are in there too, nodes lose ' +
    "each other, ssh and the API server, and traffic from pods to nodes leaves without NAT. Calico's default pool, 192.168.0.0/16, meets many office networks.",
  needs: ['nodes', 'ipPools'],
  uses: ['links', 'install'],
  messages: {
    addresses: {
      severity: 'error',
      text: ({pool, nodes, shared}: Overlap) => `IPPool ${pool} holds the address of ${nodeList(nodes)} (${some(shared)}).`,
      fix,
      verify,
    },
    subnets: {
      severity: 'error',
      text: ({pool, nodes, shared}: Overlap) =>
        `IPPool ${pool} overlaps the subnet of ${nodeList(nodes)} (${some(shared)}). No node has an address in it yet; gateways and other machines there may.`,
      fix,
      verify,
    },
    unused: {
      severity: 'warning',
      text: ({pool, nodes, shared}: Overlap) =>
        `IPPool ${pool} overlaps the network of ${nodeList(nodes)} (${some(shared)}). It gives out no addresses, ` +
        'but Felix still leaves traffic between its addresses without NAT.',
      fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/networking/ipam/migrate-pools', 'https://docs.tigera.io/calico/latest/reference/resources/ippool'],
  *run({nodes, ipPools, links, install}, report) {
    const {read, unread} = readPools(ipPools)
    const places = nodes.map(node => nodePlace(node, linksOf(links, node.name)))
    const canal = install.known && install.value.flavour === 'canal'
    for (const one of read) {
      const {addresses, subnets} = nodesIn(one, places)
      const hits = addresses.length > 0 ? addresses : subnets
      if (hits.length === 0) continue
      const kind = canal || one.pool.spec.disabled === true ? 'unused' : addresses.length > 0 ? 'addresses' : 'subnets'
      yield report[kind](argsOf(one, hits, [leavePool(one.pool, install)]), whereOf(one, hits))
    }
    const linux = new Set(nodes.flatMap(({name, operatingSystem, virtual}) => (operatingSystem === 'linux' && !virtual ? [name] : [])))
    const sizeless = places.filter(({node, subnetSeen}) => !subnetSeen && linux.has(node)).map(({node}) => node)
    if (sizeless.length > 0 && read.length > 0)
      yield undecided(`how large the subnet of ${nodeList(sizeless)} is was not seen: no annotation with prefix, no interfaces`)
    for (const pool of unread) yield undecided(unreadPool(pool))
  },
  examples: {
    'pods and nodes apart; tunnel and pod interfaces are in the pool rightly': {given: given('10.244.0.0/16'), finds: []},
    'the default pool on a home network': {
      given: {
        ...given('192.168.0.0/16'),
        nodes: [
          exampleNode('a', 1, {internalIps: ['192.168.1.10'], annotations: {ipv4: '192.168.1.10/24'}}),
          exampleNode('b', 2, {internalIps: ['192.168.1.11'], annotations: {ipv4: '192.168.1.11/24'}}),
        ],
      },
      finds: ['addresses IPPool/p Node/a Node/b'],
    },
    'the pool is a part of the subnet that no node is in yet': {given: given('10.0.0.128/25'), finds: ['subnets IPPool/p Node/a']},
    'only the interfaces tell how large the subnet is': {
      given: {
        ...given('10.0.128.0/17'),
        nodes: [exampleNode('a', 1, {annotations: {}})],
        links: known({a: known([{...exampleLinks(1, 1500)[1]!, addresses: ['10.0.0.1/16']}])}),
      },
      finds: ['subnets IPPool/p Node/a'],
    },
    "nodes of kind, in docker's own range": {
      given: {...given('10.244.0.0/16'), nodes: [exampleNode('kind-worker', 1, {internalIps: ['172.18.0.3'], annotations: {ipv4: '172.18.0.3/16'}})]},
      finds: [],
    },
    "an annotation that took the tunnel's address is node/address-mismatch's": {
      given: {...given('10.244.0.0/16'), nodes: [exampleNode('a', 1, {annotations: {ipv4: '10.244.1.64/32'}})]},
      finds: [],
    },
    'a disabled pool': {
      given: {...given('10.0.0.0/16'), ipPools: [examplePool('p', '10.0.0.0/16', {disabled: true})]},
      finds: ['unused IPPool/p Node/a'],
    },
    'canal leaves addresses to flannel': {
      given: {...given('10.0.0.0/16'), install: known({...manifestInstall.value, flavour: 'canal'})},
      finds: ['unused IPPool/p Node/a'],
    },
    "load balancer addresses out of the nodes' subnet": {
      given: {...given('10.244.0.0/16'), ipPools: [examplePool('lb', '10.0.0.192/26', {allowedUses: ['LoadBalancer']})]},
      finds: [],
    },
    IPv6: {
      given: {
        ...given('10.244.0.0/16'),
        ipPools: [examplePool('v6', 'fd00:10::/48')],
        nodes: [exampleNode('a', 1, {internalIps: ['10.0.0.1', 'fd00:10::1'], annotations: {ipv4: '10.0.0.1/24', ipv6: 'fd00:10::1/64'}})],
      },
      finds: ['addresses IPPool/v6 Node/a'],
    },
    'no prefix anywhere and no exec: cannot be told': {
      given: {...given('10.244.0.0/16'), nodes: [exampleNode('a', 1, {annotations: {}})], links: unknown('forbidden', '403')},
      finds: [],
    },
  },
})

const argsOf = ({pool}: PoolCidr, hits: readonly NodeHit[], fix: readonly Fix[]): Overlap => ({
  pool: poolText(pool),
  nodes: [...new Set(hits.map(({node}) => node))],
  shared: [...new Set(hits.map(({what}) => what))],
  fix,
})

const whereOf = ({pool}: PoolCidr, hits: readonly NodeHit[]): Where => ({
  subjects: [{kind: 'IPPool', name: pool.name}, ...[...new Set(hits.map(({node}) => node))].map(name => ({kind: 'Node', name}))],
  evidence: [poolLine(pool), ...firstLines(hits.map(({node, what, source}) => `${node}: ${what} (${source})`))],
})

/** One node, 10.0.0.1/24, with a tunnel address in 10.244.0.0/16. */
function given(pool: string) {
  return {
    nodes: [exampleNode('a', 1)],
    ipPools: [examplePool('p', pool)],
    links: known({a: known(exampleLinks(1, 1500, [exampleVxlan(1450)]))}),
    install: manifestInstall,
  }
}
