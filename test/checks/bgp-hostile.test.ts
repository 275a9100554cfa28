import fc from 'fast-check'
import {expect, test} from 'vitest'
import birdNotRunning from '../../src/checks/bgp/bird-not-running.ts'
import meshTooLarge from '../../src/checks/bgp/mesh-too-large.ts'
import noPeers from '../../src/checks/bgp/no-peers.ts'
import sessionDown from '../../src/checks/bgp/session-down.ts'
import {exampleBgp, exampleNodePod} from '../../src/checks/example-birds.ts'
import {exampleEnv, exampleNode, manifestInstall} from '../../src/checks/example-cluster.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'

const text = fc.oneof(fc.string(), fc.constantFrom('10.0.0.1', 'fd00::1', '10.0.0.2/24', 'all()', 'has(', '\u001b[2J\n', '__proto__', 'constructor'))
const spec = fc.record(
  {node: text, nodeSelector: text, peerIP: text, peerSelector: text, localWorkloadSelector: text, reversePeering: text},
  {requiredKeys: []},
)
const session = fc.record({
  name: text,
  family: fc.constantFrom(4, 6),
  type: fc.constantFrom('mesh', 'node', 'global', 'local-workload', 'other'),
  peer: text,
  state: text,
  since: text,
  bgpState: fc.oneof(text, fc.constantFrom('Established', 'Idle', 'Active', 'Connect', 'Passive')),
  error: text,
})
const bird = fc.oneof(
  fc.record({running: fc.constant(true), sessions: fc.array(session, {maxLength: 6})}).map(value => known(value)),
  text.map(reason => known({running: false, reason})),
  text.map(detail => unknown('timeout', detail)),
)
const annotations = fc.record({ipv4: text, ipv6: text, routeReflectorClusterId: text}, {requiredKeys: []})
const names = fc.uniqueArray(text, {minLength: 1, maxLength: 4})

/** Types hold: collectors leave out what is not of its type. */
test('no answer and no resource crashes a check', () => {
  const cluster = names.chain(some =>
    fc.record({
      birdV4: fc.tuple(...some.map(() => bird)).map(birds => Object.fromEntries(some.map((name, index) => [name, birds[index]]))),
      birdV6: fc.tuple(...some.map(() => bird)).map(birds => Object.fromEntries(some.map((name, index) => [name, birds[index]]))),
      nodes: fc.tuple(...some.map(() => annotations)).map(all => some.map((name, index) => exampleNode(name, index + 1, {annotations: all[index] as object}))),
      bgpPeers: fc.array(fc.record({name: text, spec}), {maxLength: 3}),
      mesh: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(cluster, ({birdV4, birdV6, nodes, bgpPeers, mesh}) => {
      const table: any = {
        birdV4: known(birdV4),
        birdV6: known(birdV6),
        birdDetailsV4: unknown('failed'),
        birdDetailsV6: known({}),
        nodes: known(nodes),
        bgpPeers: known(bgpPeers),
        bgpSettings: exampleBgp({mesh}),
        calicoPods: known(nodes.map(({name}) => exampleNodePod(name))),
        encapsulation: known({title: 'IPIP', ipip: true, vxlan: false, wireguard: false}),
        calicoVersion: known({version: '3.30.0', major: 3, minor: 30, patch: 0, source: ''}),
        felixConfigurations: known([]),
        nodeEnv: exampleEnv({}),
        install: manifestInstall,
      }
      for (const check of [sessionDown, birdNotRunning, noPeers, meshTooLarge]) {
        const verdict = examine(check, table)
        expect(verdict.status === 'crashed' ? verdict.error : verdict.status).toMatch(/^(pass|fail|unknown|not-applicable)$/)
      }
    }),
    {numRuns: 1_000},
  )
})
