import {describe, expect, test} from 'vitest'
import birdNotRunning from '../../src/checks/bgp/bird-not-running.ts'
import sessionDown from '../../src/checks/bgp/session-down.ts'
import birdDetailsV4 from '../../src/collectors/node/bird-details-v4.ts'
import birdDetailsV6 from '../../src/collectors/node/bird-details-v6.ts'
import birdV4 from '../../src/collectors/node/bird-v4.ts'
import birdV6 from '../../src/collectors/node/bird-v6.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'
import {type Lab, type LabPlan, whyNoLab, withLab} from './lab.ts'
import {kubeNodes, lookAt, meshOn} from './look.ts'

const reason = whyNoLab()
if (reason !== undefined) console.warn(`lab tests are skipped: ${reason}`)

/** What the BGP checks say of a lab, as soon as `until` holds. */
const judge = (plan: LabPlan, until: (lab: Lab) => Promise<unknown>): Promise<string[]> =>
  withLab(plan, async lab => {
    await until(lab)
    const seen = await lookAt(lab, [birdV4, birdV6, birdDetailsV4, birdDetailsV6])
    const nodes = known(kubeNodes(lab, {ipv6: plan.ipv6 ?? false}))
    const table = {...seen, nodes, bgpSettings: known(meshOn), bgpPeers: known([]), calicoPods: known([]), install: unknown('not-collected')}
    return [sessionDown, birdNotRunning].flatMap(check => {
      const verdict = examine(check, table)
      return verdict.status === 'fail' ? verdict.findings.map(({messageId, message}) => `${messageId}: ${message}`) : [verdict.status]
    })
  })
const nodes = (...names: readonly string[]) => names.map(name => ({name}))

describe.skipIf(reason !== undefined)('checks on real BIRDs', () => {
  test.concurrent('a whole mesh of both families passes', async () => {
    expect(await judge({nodes: nodes('n1', 'n2', 'n3', 'n4'), ipv6: true}, lab => lab.waitForMesh())).toEqual(['pass', 'pass'])
  })
  test.concurrent('without IPv6 anywhere, bird6 is not missed', async () => {
    expect(await judge({nodes: nodes('n1', 'n2')}, lab => lab.waitForMesh())).toEqual(['pass', 'pass'])
  })
  test.concurrent('reflectors', async () => {
    const plan: LabPlan = {nodes: [...nodes('n1', 'n2'), {name: 'rr', clusterId: '244.0.0.1'}], mesh: false}
    expect(await judge(plan, lab => lab.waitForMesh())).toEqual(['pass', 'pass'])
  })
  test.concurrent('a second session to a peer is no fault, one to itself is', async () => {
    const again = {name: 'Global_10_0_0_2', address: '10.0.0.2', as: 64512}
    expect(
      await judge({nodes: nodes('n1', 'n2'), peers: [again]}, lab => lab.waitFor('n1', /Mesh_10_0_0_2 .*Established[\s\S]*Global_10_0_0_2 .*Idle/)),
    ).toEqual(['self: n2 is told to peer with itself: a BGPPeer leads to its own address.', 'pass'])
  })
  test.concurrent('a killed BIRD is named, on all that miss it', async () => {
    const said = await judge({nodes: nodes('n1', 'n2', 'n3')}, async lab => {
      await lab.waitForMesh()
      await lab.killBird('n2')
      await Promise.all([lab.waitFor('n3', /Mesh_10_0_0_2 .*refused/), lab.waitFor('n1', /Mesh_10_0_0_2 +BGP +master +start/)])
    })
    expect(said).toEqual([
      'peerDown: n1 and n3 get no BGP session to n2 (10.0.0.2): BIRD does not run there.',
      'v4: BIRD for IPv4 does not run on node n2: no route to pods there is announced, and none is learned.',
    ])
  })
  test.concurrent('a cut between two nodes', async () => {
    const said = await judge({nodes: nodes('n1', 'n2', 'n3')}, async lab => {
      await lab.waitForMesh()
      lab.cut('n1', 'n2')
      await Promise.all([lab.waitFor('n1', /Passive +BGP Error: Hold/), lab.waitFor('n2', /Connect +BGP Error: Hold/)])
    })
    expect(said).toEqual(['silent: n2 gets no BGP session to n1 (10.0.0.1): it does not answer on TCP 179.', 'pass'])
  })
  test.concurrent('an unreachable peer', async () => {
    const said = await judge({nodes: nodes('n1', 'n2')}, async lab => {
      lab.unplug('n1')
      await lab.waitFor('n2', /No route to host/)
    })
    expect(said).toEqual(['noRoute: n2 gets no BGP session to n1 (10.0.0.1): there is no way through, or a firewall rejects it.', 'pass'])
  })
  test.concurrent('a wrong AS', async () => {
    const plan: LabPlan = {nodes: [{name: 'n1'}, {name: 'n2'}, {name: 'n3', as: 64513, expectedAs: 64512}]}
    const said = await judge(plan, async lab => {
      await Promise.all([lab.waitFor('n1', /Bad peer AS/), lab.waitFor('n2', /Bad peer AS/), lab.waitFor('n3', /Bad peer AS[\s\S]*Bad peer AS/)])
    })
    expect(said).toEqual([
      'badPeerAs: n1 and n2 get no BGP session to n3 (10.0.0.3): the peer announces another AS than this end is configured to expect.',
      'pass',
    ])
  })
  test.concurrent('one router id twice', async () => {
    const twice = ['n1', 'n2'].map(name => ({name, routerId: '10.9.9.9'}))
    const said = await judge({nodes: twice}, lab => Promise.all(['n1', 'n2'].map(name => lab.waitFor(name, /Bad BGP identifier/))))
    expect(said).toEqual([expect.stringMatching(/^badIdentifier: n[12] gets no BGP session to n[12] .*: both ends have one router id\.$/), 'pass'])
  })
  test.concurrent('a dead bird6', async () => {
    const said = await judge({nodes: nodes('n1', 'n2'), ipv6: true}, async lab => {
      await lab.waitForMesh()
      await lab.killBird('n1', 6)
      await lab.waitFor('n2', /refused/, 6)
    })
    expect(said).toEqual([
      'peerDown: n2 gets no IPv6 BGP session to n1 (fd00:10::1): BIRD does not run there.',
      'v6: BIRD for IPv6 does not run on node n1: no route to pods there is announced, and none is learned.',
    ])
  })
  test.concurrent('sessions that are just being opened are unknown, not down', async () => {
    const said = await judge({nodes: nodes('n1', 'n2'), timers: 'calico'}, lab => Promise.all(['n1', 'n2'].map(name => lab.waitFor(name, /Mesh_/))))
    expect(said).toEqual(['unknown', 'pass'])
  })
})
