import {containsAddress, overlap, parseCidr} from '../../calico/cidr.ts'
import {leavePool} from '../../calico/cidr-pool-fix.ts'
import {isLoadBalancerOnly, poolLine, poolText, readPools, unreadPool} from '../../calico/cidr-pools.ts'
import {defineCheck, type Fix, undecided} from '../../engine/check.ts'
import {examplePool, manifestInstall} from '../example-cluster.ts'

interface Overlap {
  /** `default-ipv4-ippool (10.96.0.0/12)`. */
  readonly pool: string
  /** `10.96.0.0/12 (ServiceCIDR objects)`. */
  readonly services: string
  readonly forServices: boolean
  readonly fix: readonly Fix[]
}

const fix = ({fix}: Overlap) => fix
const verify = () => ({text: 'No pool holds an address of a Service.', command: 'calico-doctor check --only cidr/services-overlap'})

export default defineCheck({
  id: 'cidr/services-overlap',
  title: 'No IP pool overlaps the addresses of Services',
  failureTitle: 'An IP pool overlaps the addresses of Services',
  why:
    "A Service's address must exist nowhere but in the rules of kube-proxy or eBPF. When a pod has it too, or Calico routes its range, connections to the " +
    'Service end in the pod or nowhere: the Kubernetes API at its first address is often the first to go.',
  needs: ['ipPools', 'serviceCidrs'],
  uses: ['install'],
  messages: {
    range: {
      severity: 'error',
      text: ({pool, services, forServices}: Overlap) =>
        `IPPool ${pool} overlaps the service range ${services}: ` +
        `${forServices ? 'load balancers and cluster IPs' : 'pods and Services'} can get the same addresses.`,
      fix,
      verify,
    },
    kubernetesService: {
      severity: 'error',
      text: ({pool, services}: Overlap) =>
        `IPPool ${pool} holds ${services}, the address of Service default/kubernetes: it overlaps the service range, whatever that is.`,
      fix,
      verify,
    },
  },
  docs: [
    'https://docs.tigera.io/calico/latest/networking/ipam/migrate-pools',
    'https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/',
  ],
  *run({ipPools, serviceCidrs: {cidrs, kubernetesIps}, install}, report) {
    const {read, unread} = readPools(ipPools)
    for (const one of read) {
      const ranges = cidrs.filter(({cidr}) => overlap(one.cidr, cidr))
      const address = kubernetesIps.find(ip => containsAddress(one.cidr, ip))
      const args = {pool: poolText(one.pool), forServices: isLoadBalancerOnly(one.pool), fix: [leavePool(one.pool, install)]}
      const subjects = [{kind: 'IPPool', name: one.pool.name}]
      const evidence = [poolLine(one.pool), ...ranges.map(({cidr, source}) => `service range ${cidr}: ${source}`)]
      if (ranges.length > 0) yield report.range({...args, services: ranges.map(({cidr}) => cidr).join(', ')}, {subjects, evidence})
      else if (address !== undefined)
        yield report.kubernetesService({...args, services: address}, {subjects, evidence: [...evidence, `Service default/kubernetes: clusterIP ${address}`]})
    }
    if (cidrs.length === 0)
      yield undecided(`no place says the service range; only Service default/kubernetes (${kubernetesIps.join(', ') || 'no address'}) was seen`)
    for (const {cidr, source} of cidrs)
      if (!parseCidr(cidr)) yield undecided(`the service range of ${source} cannot be read: ${JSON.stringify(cidr.slice(0, 60))}`)
    for (const pool of unread) yield undecided(unreadPool(pool))
  },
  examples: {
    'pods and Services apart': {given: given('10.244.0.0/16', ['10.96.0.0/12']), finds: []},
    'the pool is the service range': {given: given('10.96.0.0/12', ['10.96.0.0/12']), finds: ['range IPPool/p']},
    'a pool inside the service range': {given: given('10.100.0.0/16', ['10.96.0.0/12']), finds: ['range IPPool/p']},
    'a disabled pool still counts': {
      given: {...given('10.96.0.0/12', ['10.96.0.0/12']), ipPools: [examplePool('p', '10.96.0.0/12', {disabled: true})]},
      finds: ['range IPPool/p'],
    },
    'dual stack, only IPv6 overlaps': {
      given: {
        ...given('10.244.0.0/16', ['10.96.0.0/12', 'fd00:10:96::/112']),
        ipPools: [examplePool('v4', '10.244.0.0/16'), examplePool('v6', 'fd00:10::/32')],
      },
      finds: ['range IPPool/v6'],
    },
    'only the kubernetes Service is seen, and it is in the pool': {given: given('10.0.0.0/8', []), finds: ['kubernetesService IPPool/p']},
    'only the kubernetes Service is seen, outside the pool: cannot be told': {given: given('10.244.0.0/16', []), finds: []},
    'load balancer addresses beside the service range': {
      given: {...given('10.244.0.0/16', ['10.96.0.0/12']), ipPools: [examplePool('lb', '192.168.7.0/24', {allowedUses: ['LoadBalancer']})]},
      finds: [],
    },
    'load balancer addresses out of the service range': {
      given: {...given('10.244.0.0/16', ['10.96.0.0/12']), ipPools: [examplePool('lb', '10.111.0.0/24', {allowedUses: ['LoadBalancer']})]},
      finds: ['range IPPool/lb'],
    },
  },
})

function given(pool: string, cidrs: readonly string[]) {
  return {
    ipPools: [examplePool('p', pool)],
    serviceCidrs: {cidrs: cidrs.map(cidr => ({cidr, source: 'ServiceCIDR objects'})), kubernetesIps: ['10.96.0.1']},
    install: manifestInstall,
  }
}
