import {expect, test} from 'vitest'
import {render} from '../../src/reporters/index.ts'
import {blind, check, healthy, incident, reportOf, screen} from './reports.ts'

const short = (report = healthy) => render(report, 'short', screen)

test('one line when all is well', () => expect(short()).toBe('✓ No problem found; 5 checks passed, 1 not applicable; 12 of 12 nodes seen\n'))

test('problems with their first step, then what was not judged', () => {
  expect(short(incident)).toBe(`✗ bgp/session-down: 10.0.0.12 (worker-12) refuses BGP from 11 nodes: nothing
  listens on TCP 179 there, so the pods on worker-12 cannot be reached from them
  fix: See why calico-node does not run BIRD on worker-12
  kubectl -n calico-system logs -l k8s-app=calico-node -c calico-node --field-selector spec.nodeName=worker-12 --tail 100

! mtu/too-large: on worker-4 tunl0 has MTU 1500 over eth0 with MTU 1500: IPIP
  needs 20 bytes, so full-size packets between pods are lost
  fix: Set the MTU in the Installation
  kubectl patch installation default --type merge -p '{"spec":{"calicoNetwork":{"mtu":1480}}}'

? Not judged: bgp/bird-not-running
  timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)

✗ 1 error, 1 warning; 2 checks passed, 1 could not be judged, 1 not applicable;
  96 % of what these checks need; 10 of 12 nodes
  calico-doctor explain bgp/session-down
`)
})

test('nothing found is not well when little was seen', () => {
  expect(short(blind)).toMatch(/^\? Not judged: bgp\/session-down, datastore\/mode, mtu\/too-large\n/)
  expect(short(blind)).not.toContain('✓')
})

test('what was not seen shows even where every check could tell', () => {
  const missing = [{node: 'worker-7', why: 'timeout' as const, detail: '15 s'}]
  const text = short(reportOf([check('bgp/session-down')], {coverage: {percent: 99, nodes: {wanted: 12, seen: 11, missing}, facts: {missing: []}}}))
  expect(text).toBe('? No problem found; 1 check passed; 99 % of what these checks need; 11 of 12\n  nodes\n  timeout: 15 s (node worker-7)\n')
})
