import {overlap} from '../../calico/cidr.ts'
import {leavePool} from '../../calico/cidr-pool-fix.ts'
import {overlappingGroups, type PoolCidr, poolLine, poolText, readPools, unreadPool} from '../../calico/cidr-pools.ts'
import {firstLines} from '../../calico/evidence.ts'
import {defineCheck, type Fix, undecided, type Where} from '../../engine/check.ts'
import {examplePool, manifestInstall} from '../example-cluster.ts'

interface Overlap {
  /** Widest first: `a (10.244.0.0/16)`. */
  readonly pools: readonly string[]
  readonly fix: readonly Fix[]
}

const list = (pools: readonly string[]) => `${pools.slice(0, 4).join(', ')}${pools.length > 4 ? `, … +${pools.length - 4}` : ''}`
const fix = ({fix}: Overlap) => fix
const verify = () => ({text: 'No two pools share an address.', command: 'calico-doctor check --only cidr/pools-overlap'})

export default defineCheck({
  id: 'cidr/pools-overlap',
  title: 'No two IP pools overlap',
  failureTitle: 'IP pools overlap',
  why:
    'Calico keeps count of addresses by block, and blocks of overlapping pools lie over each other: one address can be given to two pods, ' +
    'and traffic for one reaches the other. calicoctl and the API server refuse such pools; kubectl on the v1 CRDs does not.',
  needs: ['ipPools'],
  uses: ['install'],
  messages: {
    overlap: {
      severity: 'error',
      text: ({pools}: Overlap) => `Pools ${list(pools)} overlap. A nodeSelector does not keep them apart: routes and address counting know only the addresses.`,
      fix,
      verify,
    },
    withDisabled: {
      severity: 'warning',
      text: ({pools}: Overlap) =>
        `Pools ${list(pools)} overlap. A disabled pool gives out nothing new, but pods that have its addresses keep them, ` +
        'and its natOutgoing and encapsulation still count.',
      fix,
      verify,
    },
  },
  docs: ['https://docs.tigera.io/calico/latest/reference/resources/ippool', 'https://docs.tigera.io/calico/latest/networking/ipam/migrate-pools'],
  *run({ipPools, install}, report) {
    const {read, unread} = readPools(ipPools)
    for (const group of overlappingGroups(read)) {
      const pools = group.map(({pool}) => poolText(pool))
      if (bothInUse(group)) yield report.overlap({pools, fix: [whoUsesWhich, leavePool(group.at(-1)!.pool, install)]}, whereOf(group))
      else yield report.withDisabled({pools, fix: group.filter(({pool}) => pool.spec.disabled).map(({pool}) => leavePool(pool, install))}, whereOf(group))
    }
    for (const pool of unread) yield undecided(unreadPool(pool))
  },
  examples: {
    'pools side by side, in both families': {
      given: {ipPools: [examplePool('a', '10.244.0.0/17'), examplePool('b', '10.244.128.0/17'), examplePool('c', 'fd00:244::/48')], install: manifestInstall},
      finds: [],
    },
    'the same CIDR twice': {
      given: {ipPools: [examplePool('a', '10.244.0.0/16'), examplePool('b', '10.244.0.0/16')], install: manifestInstall},
      finds: ['overlap IPPool/a IPPool/b'],
    },
    'one pool inside another, for other nodes': {
      given: {
        ipPools: [examplePool('a', '10.244.0.0/16', {nodeSelector: 'zone == "a"'}), examplePool('b', '10.244.64.0/18', {nodeSelector: 'zone == "b"'})],
        install: manifestInstall,
      },
      finds: ['overlap IPPool/a IPPool/b'],
    },
    'a wide pool over three others is one cause': {
      given: {
        ipPools: [examplePool('x', '10.1.0.0/16'), examplePool('y', '10.2.0.0/16'), examplePool('wide', '10.0.0.0/8'), examplePool('z', '10.3.0.0/16')],
        install: manifestInstall,
      },
      finds: ['overlap IPPool/wide IPPool/x IPPool/y IPPool/z'],
    },
    'an old pool was disabled and replaced by a part of itself': {
      given: {ipPools: [examplePool('old', '10.244.0.0/16', {disabled: true}), examplePool('new', '10.244.0.0/18')], install: manifestInstall},
      finds: ['withDisabled IPPool/old IPPool/new'],
    },
    'a LoadBalancer pool inside a pool for pods': {
      given: {ipPools: [examplePool('pods', '10.244.0.0/16'), examplePool('lb', '10.244.255.0/24', {allowedUses: ['LoadBalancer']})], install: manifestInstall},
      finds: ['overlap IPPool/pods IPPool/lb'],
    },
    'a CIDR that cannot be read decides nothing': {given: {ipPools: [examplePool('a', '10.244.0.0/33')], install: manifestInstall}, finds: []},
  },
})

const whoUsesWhich: Fix = {
  text: 'See which of them has the fewer pods, and give that one up. The step below names the last of them.',
  command: 'calicoctl ipam show --show-blocks',
}

/** Do two pools that give out addresses lie over each other? */
const bothInUse = (group: readonly PoolCidr[]) =>
  group.some(({pool, cidr}) => group.some(other => other.pool !== pool && !other.pool.spec.disabled && !pool.spec.disabled && overlap(cidr, other.cidr)))

const whereOf = (group: readonly PoolCidr[]): Where => ({
  subjects: group.map(({pool}) => ({kind: 'IPPool', name: pool.name})),
  evidence: firstLines(group.map(({pool}) => poolLine(pool))),
})
