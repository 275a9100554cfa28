import {expect, test} from 'vitest'
import {nodeStatusOf} from '../../src/calico/node-status.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {nodeStatusTable} from '../../src/reporters/table-node-status.ts'
import {columns} from '../../src/reporters/wrap.ts'
import {bird, down, facts, kubeNode, mesh, noBird, nodeNames, session} from './node-status-facts.ts'

const screen = {width: 80, colour: false, unicode: true}
const names = nodeNames(3)
const shown = (table = facts(names), options = {}) => nodeStatusTable(nodeStatusOf(table, {wide: false, problemsOnly: false, ...options}), screen)
const sick = facts(names, {
  birdV4: known({
    ...mesh(names),
    'worker-2': bird(session('10.0.0.1'), down('10.0.0.3'), down('10.0.0.1', {type: 'global', name: 'Global_10_0_0_1', bgpState: 'Idle', error: ''})),
    'worker-1': unknown('timeout', 'no complete answer in 15 s'),
  }),
})

test('a healthy mesh, node by node', () => {
  expect(shown(facts(nodeNames(2)))).toBe(`✓ 2 of 2 BGP sessions established, 2 of 2 nodes seen

✓ worker-1: 1 of 1 sessions established
     Peer address  Peer node  Peer type          State  Since     Info
     10.0.0.2      worker-2   node-to-node mesh  up     08:29:36  Established

✓ worker-2: 1 of 1 sessions established
     Peer address  Peer node  Peer type          State  Since     Info
     10.0.0.1      worker-1   node-to-node mesh  up     08:29:36  Established
`)
})

test('what is down comes first, what was not seen is never well', () => {
  expect(shown(sick)).toBe(`✗ 3 of 5 BGP sessions established, 1 down, 1 duplicate, 2 of 3 nodes seen

✗ worker-2: 1 of 3 sessions established, 1 duplicate
     Peer address  Peer node  Peer type          State  Since     Info
  ✗  10.0.0.3      worker-3   node-to-node mesh  start  14:13:42  Connect Socket:
                                                                  Connection refused
     10.0.0.1      worker-1   global             start  14:13:42  Idle (this peer is
                                                                  established already)
     10.0.0.1      worker-1   node-to-node mesh  up     08:29:36  Established

? worker-1: no BGP sessions, not all of it seen

✓ worker-3: 2 of 2 sessions established
     Peer address  Peer node  Peer type          State  Since     Info
     10.0.0.1      worker-1   node-to-node mesh  up     08:29:36  Established
     10.0.0.2      worker-2   node-to-node mesh  up     08:29:36  Established

? Not seen
  timeout: IPv4: no complete answer in 15 s (node worker-1)
`)
})

test('problems alone', () => {
  expect(shown(sick, {problemsOnly: true})).toBe(`✗ 3 of 5 BGP sessions established, 1 down, 1 duplicate, 2 of 3 nodes seen

✗ worker-2: 1 of 3 sessions established, 1 duplicate
     Peer address  Peer node  Peer type          State  Since     Info
  ✗  10.0.0.3      worker-3   node-to-node mesh  start  14:13:42  Connect Socket:
                                                                  Connection refused

✓ 1 node: no session down

? Not seen
  timeout: IPv4: no complete answer in 15 s (node worker-1)
`)
})

test('wide adds what only details tell', () => {
  const detail = {name: 'Mesh_10_0_0_2', neighborAs: '64512', imported: 3, exported: 1, holdTimer: '172/240', lastError: 'Socket: Connection closed'}
  const table = facts(['worker-1'], {
    birdV4: known({'worker-1': bird(session('10.0.0.2'))}),
    birdWideV4: known({'worker-1': known([detail])}),
    birdWideV6: known({'worker-1': known([])}),
  })
  expect(shown(table, {wide: true}).split('\n').slice(3, 5)).toEqual([
    '     Peer address  Peer node  Peer type          State  Since     Info         AS     Imported  Exported  Hold timer  Last error',
    '     10.0.0.2      -          node-to-node mesh  up     08:29:36  Established  64512  3         1         172/240     Socket: Connection closed',
  ])
})

test('details that could not be had are said, not shown as dashes alone', () => {
  const table = facts(['worker-1'], {birdV4: known({'worker-1': bird(session('10.0.0.2'))}), birdWideV4: known({'worker-1': unknown('timeout', '15 s')})})
  expect(shown(table, {wide: true})).toContain('? details not seen (timeout): 15 s')
})

test('BIRD that should run and does not', () => {
  const text = shown(facts(names, {birdV4: known({...mesh(names), 'worker-3': noBird()})}))
  expect(text.split('\n').slice(0, 5)).toEqual([
    '✗ 4 of 4 BGP sessions established, 1 BIRD daemon not running, 3 of 3 nodes seen',
    '',
    '✗ worker-3: no BGP sessions',
    '  ✗ BIRD for IPv4 is not running: Unable to connect to server control socket',
    '    (/var/run/calico/bird.ctl): Connection refused.',
  ])
})

test('a cluster without BGP says so in a line', () => {
  const off = known({
    backend: 'vxlan' as const,
    backendSource: 'ConfigMap kube-system/calico-config key calico_backend',
    mesh: true,
    asNumber: '64512',
    listenPort: 179,
  })
  const dead = known(Object.fromEntries(names.map(name => [name, noBird()])))
  expect(shown(facts(names, {bgpSettings: off, birdV4: dead, birdV6: dead}))).toBe(
    `- No BGP on 3 nodes: worker-1, worker-2, worker-3: backend vxlan (ConfigMap\n  kube-system/calico-config key calico_backend)\n`,
  )
})

test('no node was seen', () => {
  const blind = known(Object.fromEntries(names.map(name => [name, unknown('not-collected', 'nodes were not asked (--exec none)')])))
  expect(shown(facts(names, {birdV4: blind, birdV6: blind}))).toBe(`? no BGP session was seen, 0 of 3 nodes seen

? Not seen
  not asked: nodes were not asked (--exec none) (3 nodes: worker-1, worker-2,
  worker-3)
`)
})

test('the node itself, without any API', () => {
  const nothing = unknown('not-collected', 'no kubeconfig was given; only this node was asked')
  const table = facts([], {
    nodes: nothing,
    bgpSettings: nothing,
    birdV4: known({'worker-1': bird(session('10.0.0.2'))}),
    birdV6: known({'worker-1': noBird('no socket')}),
  })
  expect(shown(table)).toBe(`✓ 1 of 1 BGP sessions established, 1 of 1 node seen

✓ worker-1: 1 of 1 sessions established
  ? BIRD for IPv6 is not running: no socket. Whether this node uses IPv6 could
    not be seen.
     Peer address  Peer node  Peer type          State  Since     Info
     10.0.0.2      -          node-to-node mesh  up     08:29:36  Established
`)
})

test('more than 2,000 sessions: totals and problems', () => {
  const many = nodeNames(60)
  const healthy = mesh(many)
  const text = shown(facts(many, {birdV4: known({...healthy, 'worker-7': bird(down('10.0.0.9'))})}))
  expect(text).toContain('Over 2,000 sessions: totals and problems only; -o json has them all.')
  expect(text).toContain('✗ worker-7: 0 of 1 sessions established')
  expect(text).toContain('✓ 59 nodes: no session down')
  expect(text.split('\n').length).toBeLessThan(12)
})

test('more than 2,000 sessions down: counted by what BIRD says', () => {
  const many = nodeNames(60)
  const refused = Array.from({length: 58}, (_, index) => down(`10.0.0.${index + 2}`))
  const birds = Object.fromEntries(many.map(name => [name, bird(...refused, down('10.0.1.1', {bgpState: 'Idle', error: ''}))]))
  const text = shown(facts(many, {birdV4: known(birds)}))
  expect(text).toContain('Over 2,000 sessions are down: counted by what BIRD says of them; -o json has\nthem all.')
  expect(text).toContain(`
✗ worker-1: 0 of 59 sessions established
  ✗ 58 × Connect Socket: Connection refused (worker-2, worker-3, … +56)
  ✗ 1 × Idle (10.0.1.1)

✗ worker-2: `)
  expect(text.split('\n').length).toBeLessThan(60 * 4 + 6)
})

test('of many ways to be down the usual ones are told', () => {
  const birds = Object.fromEntries(
    nodeNames(42).map(name => [name, bird(...Array.from({length: 50}, (_, i) => down(`10.0.0.${i + 1}`, {error: `BGP Error: ${i}`})))]),
  )
  const text = shown(facts(nodeNames(42), {birdV4: known(birds)}))
  expect(text).toContain('  ✗ 45 in 45 other ways\n')
})

test('hostile names and messages stay on their line', () => {
  const evil = '\u001b[2J\u001b]0;x\u0007worker\n✓ all is well\u202e'
  const table = facts([], {
    nodes: known([kubeNode(evil, {ipv4: '10.0.0.9/24'})]),
    birdV4: known({[evil]: bird(down('10.0.0.9', {error: `${evil}${'A'.repeat(10_000)}`}))}),
    birdV6: known({}),
  })
  const text = shown(table)
  expect(text).not.toMatch(/[\u001b\u0007\u202e]/)
  expect(text.split('\n').some(line => line.startsWith('✓'))).toBe(false)
  expect(Math.max(...text.split('\n').map(columns))).toBeLessThan(260)
})

test('IPv6 peers and ports', () => {
  const v6 = session('fd00::2', {type: 'node', name: 'Node_fd00__2_port_500', port: 500})
  const nodes = [kubeNode('worker-1', {ipv4: '10.0.0.1/24', ipv6: 'fd00::1/64'}), kubeNode('worker-2', {ipv6: 'FD00:0:0::2/64'})]
  const text = shown(facts(['worker-1'], {nodes: known(nodes), birdV4: known({'worker-1': bird()}), birdV6: known({'worker-1': bird(v6)})}))
  expect(text).toContain('[fd00::2]:500  worker-2   node specific')
})

test('a screen without UTF-8 gets ASCII', () => {
  const text = nodeStatusTable(nodeStatusOf(sick, {wide: false, problemsOnly: false}), {...screen, unicode: false})
  expect(text).toMatch(/^[\x20-\x7e\n]+$/)
  expect(text).toContain('\n  x  10.0.0.3 ')
})

test('pods of three nodes that fail alike are one line, and a list of no nodes is nothing seen', () => {
  const refused = (pod: string) => unknown('unreachable', `exec in kube-system/${pod}: the API server cannot reach the kubelet`)
  const blind = known({'worker-1': refused('calico-node-k7x2p'), 'worker-2': refused('calico-node-9flwp'), 'worker-3': refused('calico-node-t75sh')})
  expect(shown(facts(names, {birdV4: blind, birdV6: blind}))).toBe(`? no BGP session was seen, 0 of 3 nodes seen

? Not seen
  unreachable: exec in kube-system/calico-node-k7x2p: the API server cannot
  reach the kubelet (3 nodes: worker-1, worker-2, worker-3)
`)
  expect(shown(facts([], {birdV4: unknown('forbidden', '403')})).split('\n')[0]).toBe('? no BGP session was seen, 0 of 0 nodes seen')
})
