import {expect, test} from 'vitest'
import {activePools, poolsEncapsulation} from '../../src/calico/pools.ts'

const pool = (name: string, spec: object = {}) => ({name, spec: {cidr: '10.0.0.0/16', ...spec}})

test('active pools give addresses to pods', () => {
  const pools = [
    pool('plain'),
    pool('disabled', {disabled: true}),
    pool('tunnels', {allowedUses: ['Tunnel']}),
    pool('both', {allowedUses: ['Workload', 'Tunnel']}),
    pool('unset', {allowedUses: []}),
  ]
  expect(activePools(pools).map(({name}) => name)).toEqual(['plain', 'both', 'unset'])
})
test('the title says every kind once, in one order', () => {
  const pools = [pool('a', {vxlanMode: 'Always'}), pool('b', {ipipMode: 'CrossSubnet'}), pool('c', {vxlanMode: 'Always'}), pool('d')]
  expect(poolsEncapsulation(pools, true)).toEqual({title: 'IPIP CrossSubnet + VXLAN + none + WireGuard', ipip: true, vxlan: true, wireguard: true})
  expect(poolsEncapsulation([], false)).toEqual({title: 'none', ipip: false, vxlan: false, wireguard: false})
})
