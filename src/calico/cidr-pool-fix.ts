import type {Fix} from '../engine/check.ts'
import type {Collected} from '../engine/collected.ts'
import {isLoadBalancerOnly} from './cidr-pools.ts'
import type {Install} from './cluster.ts'
import {howToSet} from './owner.ts'
import type {IpPool} from './resources.ts'

/** Steps that give up a pool's range. A pool's CIDR cannot be changed, so there is always another pool to go to. */
export function leavePool(pool: IpPool, install: Collected<Install>): Fix {
  if (pool.spec.disabled === true)
    return {text: `Pool ${pool.name} is disabled already: delete it once nothing has an address out of it.`, command: 'calicoctl ipam show --show-blocks'}
  if (isLoadBalancerOnly(pool))
    return {
      text:
        `Make another pool with allowedUses: [LoadBalancer] and a range of its own, then delete ${pool.name}. ` +
        'Services get new addresses, so tell those who use them.',
      command: 'kubectl get services -A -o wide',
    }
  return howToSet(install, 'pool', undefined, {pool: pool.name})
}
