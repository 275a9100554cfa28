import {expect, test} from 'vitest'
import type {Bird} from '../../src/calico/bgp-session.ts'
import sessionDown from '../../src/checks/bgp/session-down.ts'
import {exampleBgp, exampleNodePod, exampleSpeakers, unseen} from '../../src/checks/example-birds.ts'
import {exampleNode, manifestInstall} from '../../src/checks/example-cluster.ts'
import {known, type PerNode, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'
import type {FactTable} from '../../src/engine/facts.ts'

const judge = (speakers: Parameters<typeof exampleSpeakers>[0], more: Partial<FactTable> = {}) => {
  const {birdV4, ...uses} = exampleSpeakers(speakers)
  const others = {bgpSettings: exampleBgp(), bgpPeers: known([]), calicoPods: known([]), install: manifestInstall}
  const pods = known(Object.keys(speakers).map(node => exampleNodePod(node)))
  return examine(sessionDown, {birdV4: known(birdV4), ...uses, ...others, calicoPods: pods, ...more} as FactTable)
}
const messages = (verdict: ReturnType<typeof judge>) => (verdict.status === 'fail' ? verdict.findings.map(({message}) => message) : [verdict.status])

/** A full mesh of 10.0.0.1, 10.0.0.2, …; what a node says of another unless it is Established. */
const meshOf = (count: number, says: (node: number, other: number) => string | undefined) => {
  const numbers = Array.from({length: count}, (_, index) => index + 1)
  return Object.fromEntries(
    numbers.map(node => [
      `worker-${node}`,
      {v4: numbers.filter(other => other !== node).map(other => `10.0.0.${other} ${says(node, other) ?? 'Established'}`)},
    ]),
  )
}
const waits = (node: number, other: number) => `10.0.0.${other}` > `10.0.0.${node}`

test('one finding for a node that refuses eleven others, whichever of them call', () => {
  const speakers = meshOf(12, (node, other) => (other === 7 ? (waits(node, 7) ? 'Passive' : 'Active Socket: Connection refused') : undefined))
  const verdict = judge({...speakers, 'worker-7': {v4: unseen()}})
  expect(messages(verdict)).toEqual(['11 nodes (worker-1, worker-10, worker-11, … +8) get no BGP session to worker-7 (10.0.0.7): it refuses TCP 179.'])
  expect(verdict).toMatchObject({missing: [{fact: 'birdV4', node: 'worker-7'}]})
})

test('two sick nodes are two findings', () => {
  const speakers = meshOf(9, (node, other) => {
    if (node === 3 || other === 3) return waits(node, other) ? 'Passive' : 'Connect'
    return node === 5 || other === 5 ? (waits(node, other) ? 'Passive' : 'Active Socket: No route to host') : undefined
  })
  expect(messages(judge(speakers))).toEqual([
    expect.stringMatching(/^worker-3 \(10\.0\.0\.3\) gets no BGP session with 8 nodes .*: TCP 179 goes unanswered/),
    expect.stringMatching(/^worker-5 \(10\.0\.0\.5\) gets no BGP session with 7 nodes .*: there is no way through/),
  ])
})

test('a mesh that is down as a whole is one finding', () => {
  const verdict = judge(meshOf(20, (node, other) => (waits(node, other) ? 'Passive' : 'Connect')))
  expect(messages(verdict)).toEqual(['190 BGP sessions of 20 nodes (worker-1, worker-10, worker-11, … +17) are down: TCP 179 goes unanswered.'])
})

test('IPv4 and IPv6 of one dead node are one finding', () => {
  const v6 = ['fd00::2 Active Socket: Connection refused']
  const verdict = judge({a: {v4: ['10.0.0.2 Active Socket: Connection refused'], v6}, b: {v4: unseen(), v6: unseen()}})
  expect(messages(verdict)).toEqual(['a gets no IPv4 and IPv6 BGP session to b (10.0.0.2): it refuses TCP 179.'])
})

test('the mesh calls listenPort, which names of its sessions do not have', () => {
  const bgpSettings = exampleBgp({listenPort: 1790})
  expect(messages(judge({a: {v4: ['10.0.0.2 Active Socket: Connection refused']}, b: {v4: unseen()}}, {bgpSettings}))).toEqual([
    'a gets no BGP session to b (10.0.0.2): it refuses TCP 1790.',
  ])
  const twice = {a: {v4: ['10.0.0.2 Established', 'Node_10_0_0_2_port_1790 Idle']}, b: {v4: ['10.0.0.1 Established', 'Node_10_0_0_1_port_1790 Idle']}}
  expect(messages(judge(twice, {bgpSettings}))).toEqual(['pass'])
})

test('the port of a peer is named', () => {
  expect(messages(judge({a: {v4: ['Node_10_0_0_9_port_1790 Active Socket: Connection refused']}}))).toEqual([
    'a gets no BGP session to 10.0.0.9 (no node has this address): it refuses TCP 1790.',
  ])
})

test('a mesh peer that no node is points to a stale Calico node', () => {
  const verdict = judge({a: {v4: ['10.0.0.99 Active Socket: No route to host']}, b: {v4: ['10.0.0.99 Connect']}})
  const fixes = verdict.status === 'fail' ? verdict.findings.flatMap(({fix}) => fix.map(({command}) => command)) : []
  expect(fixes).toContain('calicoctl get nodes -o wide')
})

test('where nodes could not be listed, addresses stand for them', () => {
  const speakers = {a: {v4: ['10.0.0.2 Active Socket: Connection refused']}, b: {v4: ['10.0.0.1 Passive']}}
  const verdict = judge(speakers, {nodes: unseen('forbidden')})
  expect(messages(verdict)).toContain('a gets no BGP session to 10.0.0.2: it refuses TCP 179.')
})

test('no exec rights: unknown, with the cause', () => {
  const verdict = judge({a: {v4: unseen('forbidden', '403')}, b: {v4: unseen('forbidden', '403')}})
  expect(verdict).toMatchObject({
    status: 'unknown',
    missing: [
      {node: 'a', why: 'forbidden'},
      {node: 'b', why: 'forbidden'},
    ],
  })
})

test.each([
  ['a timeout', unseen()],
  ['a dead bird6', known({running: false, reason: 'Unable to connect to server control socket (/var/run/calico/bird6.ctl): Connection refused'} as const)],
])('IPv6 that is wanted and was not seen: no pass (%s)', (_name, v6) => {
  const speakers = {a: {v4: ['10.0.0.2 Established'], v6}, b: {v4: ['10.0.0.1 Established'], v6: []}}
  expect(judge(speakers)).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('IPv6')]})
})

test('IPv6 that was seen in part: no pass', () => {
  const speakers = {
    a: {v4: ['10.0.0.2 Established'], v6: known<Bird>({running: true, sessions: []}, 'more than 10000 lines')},
    b: {v4: ['10.0.0.1 Established']},
  }
  expect(judge(speakers)).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('more than 10000 lines')]})
})

test('hostile names stay data', () => {
  const name = `\u001b[31m${'x'.repeat(10_000)}\n`
  const nodes = known([exampleNode('a', 1), exampleNode(name, 2)])
  const verdict = judge({a: {v4: ['10.0.0.2 Active Socket: Connection refused']}}, {nodes})
  expect(verdict).toMatchObject({status: 'fail', findings: [{subjects: [{name}, {name: 'a'}]}]})
})

test('a thousand nodes, one of them dead: a second at most', () => {
  const count = 1_000
  const address = (number: number) => `10.1.${number >> 8}.${number & 255}`
  const session = (number: number, bgpState: string, error = '') =>
    ({
      name: `Mesh_${address(number).replaceAll('.', '_')}`,
      family: 4,
      type: 'mesh',
      peer: address(number),
      state: 'start',
      since: '',
      bgpState,
      error,
    }) as const
  const up = Array.from({length: count}, (_, number) => session(number, 'Established'))
  const birdV4: PerNode<any> = Object.fromEntries(
    up.map((_, node) => [
      `n${node}`,
      known({running: true, sessions: [session(500, 'Active', 'Socket: Connection refused'), ...up.filter((_, i) => i !== node && i !== 500)]}),
    ]),
  )
  const nodes = known(up.map((_, node) => exampleNode(`n${node}`, 1, {annotations: {ipv4: `${address(node)}/16`}})))
  const started = performance.now()
  const verdict = judge({}, {birdV4: known({...birdV4, n500: unseen()}), nodes})
  expect(performance.now() - started).toBeLessThan(3_000)
  expect(messages(verdict)).toEqual([expect.stringMatching(/^999 nodes .* get no BGP session to n500 \(10\.1\.1\.244\): it refuses TCP 179\.$/)])
})

test('where not all nodes were seen, nobody is told to delete one', () => {
  const speakers = {a: {v4: ['10.0.0.2 Active Socket: Connection refused']}}
  const nodes = known([exampleNode('a', 1)])
  const text = (more: Partial<FactTable>) => JSON.stringify(judge(speakers, more))
  expect(text({nodes})).toContain('No Kubernetes node has 10.0.0.2')
  for (const unlisted of [unknown('forbidden', '403'), known(nodes.value, 'only the first 1')]) {
    expect(text({nodes: unlisted})).toContain('may be a node that could not be listed')
    expect(text({nodes: unlisted})).not.toMatch(/No Kubernetes node|no node has this address|delete/)
  }
})
