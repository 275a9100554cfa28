import {load} from 'js-yaml'
import {expect, test} from 'vitest'
import {nodeStatusExitCode, nodeStatusOf} from '../../src/calico/node-status.ts'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import type {FactTable} from '../../src/engine/facts.ts'
import {nodeStatusDocument, nodeStatusLine, nodeStatusPieces, renderNodeStatus} from '../../src/reporters/node-status.ts'
import {bird, down, facts, kubeNode, mesh, noBird, nodeNames, session} from './node-status-facts.ts'

const names = nodeNames(3)
const of = (more: Partial<FactTable> = {}, options = {}) => nodeStatusOf(facts(names, more), {wide: false, problemsOnly: false, ...options})
const birdV4 = (more: Record<string, Collected<any>>) => ({birdV4: known({...mesh(names), ...more})})
const vxlan = known({backend: 'vxlan' as const, backendSource: 'env', mesh: true, asNumber: '64512', listenPort: 179})
const everywhere = (value: Collected<any>) => known(Object.fromEntries(names.map(name => [name, value])))
const notAsked = unknown('not-collected', 'nobody asked')

test.each<[string, Partial<FactTable>, 0 | 1 | 3]>([
  ['all established', {}, 0],
  ['a session down', birdV4({'worker-1': bird(down('10.0.0.2'))}), 1],
  ['a session that waits for the other side', birdV4({'worker-1': bird(session('10.0.0.2', {bgpState: 'Passive', state: 'start'}))}), 1],
  ['up, but not Established', birdV4({'worker-1': bird(session('10.0.0.2', {bgpState: '', state: 'up'}))}), 1],
  [
    'the same peer established by another session',
    birdV4({'worker-1': bird(session('10.0.0.2'), down('10.0.0.2', {name: 'Global_10_0_0_2', type: 'global'}))}),
    0,
  ],
  ['a node that timed out', birdV4({'worker-1': unknown('timeout', '15 s')}), 3],
  ['a session down beats a node not seen', birdV4({'worker-1': unknown('timeout', '15 s'), 'worker-2': bird(down('10.0.0.1'))}), 1],
  ['an answer cut short', birdV4({'worker-1': known({running: true, sessions: []}, 'more than 10000 lines')}), 3],
  [
    'an answer cut short where no BIRD was expected',
    {bgpSettings: vxlan, ...birdV4({'worker-1': known({running: true, sessions: []}, 'more than 10000 lines')})},
    3,
  ],
  ['BIRD runs although the backend says vxlan, with a session down', {bgpSettings: vxlan, ...birdV4({'worker-1': bird(down('10.0.0.2'))})}, 1],
  ['BIRD does not run where it should', birdV4({'worker-1': noBird()}), 1],
  ['BIRD for IPv6 does not run on IPv4 nodes', {birdV6: everywhere(noBird())}, 0],
  ['IPv6 was not seen on IPv4 nodes', {birdV6: everywhere(unknown('timeout', '15 s'))}, 0],
  [
    'BIRD for IPv6 does not run on a dual-stack node',
    {nodes: known([kubeNode('worker-1', {ipv4: '10.0.0.1/24', ipv6: 'fd00::1/64'})]), birdV6: known({'worker-1': noBird()})},
    1,
  ],
  [
    'BIRD 3 serves both families of a dual-stack node, and the image has no birdcl6',
    {
      nodes: known([kubeNode('worker-1', {ipv4: '10.0.0.1/24', ipv6: 'fd00::1/64'})]),
      birdV4: known({'worker-1': known({running: true, version: '3.1.2', sessions: [session('10.0.0.2'), session('fd00::2')]})}),
      birdV6: known({'worker-1': unknown('absent', 'birdcl6: not in this image')}),
    },
    0,
  ],
  [
    'a peer of the mesh that an explicit session on listenPort keeps Idle',
    {
      bgpSettings: known({backend: 'bird', backendSource: 'env', mesh: true, asNumber: '64512', listenPort: 1790}),
      ...birdV4({'worker-1': bird(session('10.0.0.2', {name: 'Node_10_0_0_2_port_1790', type: 'node', port: 1790}), down('10.0.0.2'))}),
    },
    0,
  ],
  [
    'IPv6 was not seen on a dual-stack node',
    {nodes: known([kubeNode('worker-1', {ipv4: '10.0.0.1/24', ipv6: 'fd00::1/64'})]), birdV6: known({'worker-1': unknown('timeout', '')})},
    3,
  ],
  [
    'IPv6 was not seen, and nodes say nothing about it (etcd)',
    {nodes: known(names.map(name => kubeNode(name, {}))), birdV6: everywhere(unknown('timeout', '15 s'))},
    3,
  ],
  ['an IPv6-only cluster without BIRD for IPv4', {nodes: known(names.map(name => kubeNode(name, {ipv6: 'fd00::1/64'}))), birdV4: everywhere(noBird())}, 0],
  ['backend vxlan, no BIRD', {bgpSettings: vxlan, birdV4: everywhere(noBird()), birdV6: everywhere(noBird())}, 0],
  ['backend vxlan, nodes not asked', {bgpSettings: vxlan, birdV4: everywhere(notAsked), birdV6: everywhere(notAsked)}, 0],
  ['no BIRD, and the backend could not be seen', {bgpSettings: notAsked, nodes: notAsked, birdV4: everywhere(noBird()), birdV6: everywhere(noBird())}, 3],
  ['no node was wanted', {birdV4: known({}), birdV6: known({})}, 3],
  ['nodes could not be listed', {birdV4: unknown('forbidden', '403'), birdV6: unknown('forbidden', '403')}, 3],
  ['nodes were listed in part', {birdV4: known(mesh(names), 'nodes could not be listed (forbidden)')}, 3],
])('%s', (_name, more, code) => expect(nodeStatusExitCode(of(more))).toBe(code))

test('totals count everything, whatever rows are left out', () => {
  const more = birdV4({'worker-2': bird(down('10.0.0.1'), session('10.0.0.3'))})
  const {totals, nodes} = of(more, {problemsOnly: true})
  expect(totals).toEqual({nodes: 3, seen: 3, healthy: 2, sessions: 6, established: 5, down: 1, daemonsDown: 0})
  expect(totals).toEqual(of(more).totals)
  expect(nodes.map(({node, rows}) => [node, rows.length])).toEqual([['worker-2', 1]])
})

test('worst nodes first, then as people count', () => {
  const many = nodeNames(11)
  const status = nodeStatusOf(facts(many, {birdV4: known({...mesh(many), 'worker-11': noBird(), 'worker-10': bird(down('10.0.0.1'))})}), {
    wide: false,
    problemsOnly: false,
  })
  expect(status.nodes.map(({node}) => node).slice(0, 5)).toEqual(['worker-11', 'worker-10', 'worker-1', 'worker-2', 'worker-3'])
})

test('rows name the peer and its node; the same cause for both families is one', () => {
  expect(of().nodes[0]!.rows[1]).toEqual({
    family: 'IPv4',
    peerAddress: '10.0.0.3',
    peerPort: null,
    peerType: 'node-to-node mesh',
    peerNode: 'worker-3',
    state: 'up',
    since: '08:29:36',
    info: 'Established',
    status: 'established',
  })
  const nodes = known(names.map(name => kubeNode(name, {})))
  const refused = unknown('forbidden', 'pods/exec in kube-system')
  expect(of({nodes, birdV4: everywhere(refused), birdV6: everywhere(refused)}).notSeen).toEqual(
    names.map(node => ({node, family: null, why: 'forbidden', detail: 'pods/exec in kube-system'})),
  )
})

test('json and yaml are one document with the same content', () => {
  const status = of(birdV4({'worker-2': bird(down('10.0.0.1'))}))
  const screen = {width: 80, colour: false, unicode: true}
  const json = JSON.parse(renderNodeStatus(status, 'json', screen))
  expect(json).toMatchObject({apiVersion: 'calico-doctor/v1', kind: 'NodeStatus', totals: {sessions: 5, down: 1}})
  expect(load(renderNodeStatus(status, 'yaml', screen))).toEqual(json)
})

test('in pieces the documents are the same, also of many sessions and of no node', () => {
  const screen = {width: 80, colour: false, unicode: true}
  const whole = of(birdV4({'worker-2': bird(down('10.0.0.1'))}))
  const many = {...whole, totals: {...whole.totals, sessions: 100_001}}
  for (const status of [whole, many, {...whole, nodes: []}]) {
    const document = JSON.parse(JSON.stringify(nodeStatusDocument(status)))
    expect(JSON.parse(renderNodeStatus(status, 'json', screen))).toEqual(document)
    expect(load(renderNodeStatus(status, 'yaml', screen))).toEqual(document)
    expect([...nodeStatusLine(status)].join('')).toBe(`${JSON.stringify(document)}\n`)
  }
  const longest = Math.max(...[...nodeStatusPieces(many, 'json', screen)].map(piece => piece.length))
  expect(longest).toBeLessThan(renderNodeStatus(many, 'json', screen).length / 2)
  expect(renderNodeStatus(many, 'json', screen).trim()).not.toContain('\n')
})
