import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {BgpSession} from '../../src/calico/bgp-session.ts'
import {readBird} from '../../src/collectors/bird-answer.ts'
import birdDetailsV4 from '../../src/collectors/node/bird-details-v4.ts'
import birdDetailsV6 from '../../src/collectors/node/bird-details-v6.ts'
import birdV4 from '../../src/collectors/node/bird-v4.ts'
import birdV6 from '../../src/collectors/node/bird-v6.ts'
import birdWideV4 from '../../src/collectors/node/bird-wide-v4.ts'
import links from '../../src/collectors/node/links.ts'
import type {Collected, PerNode} from '../../src/engine/collected.ts'
import {type Lab, type LabPlan, startLab, whyNoLab, withLab} from './lab.ts'
import {lookAt} from './look.ts'

const reason = whyNoLab()
if (reason !== undefined) console.warn(`lab tests are skipped: ${reason}`)

const nodes = (...names: readonly string[]) => names.map(name => ({name}))
const on = <T>(fact: Collected<PerNode<T>>, node: string): T => {
  const answer = fact.known ? fact.value[node] : undefined
  if (!answer?.known) throw new Error(`${node}: ${JSON.stringify(answer ?? fact)}`)
  return answer.value
}
const said = ({name, bgpState, error}: BgpSession) => [name, bgpState, error].filter(Boolean).join(' ')

describe.skipIf(reason !== undefined)('a full mesh of four, both families', () => {
  let mesh: Lab
  beforeAll(async () => {
    mesh = await startLab({
      nodes: [{name: 'n1'}, {name: 'n2', mtu: 9000}, {name: 'n3', mtu: 1400, vxlanMtu: 1350}, {name: 'n4', vxlanMtu: 1450}],
      ipv6: true,
    })
    await mesh.waitForMesh()
  })
  afterAll(() => mesh.close())

  test('every node has a session with every other, and nothing to say in detail', async () => {
    const {birdV4: v4, birdV6: v6, birdDetailsV4: details} = await lookAt(mesh, [birdV4, birdV6, birdDetailsV4])
    for (const {name, address, address6} of mesh.nodes) {
      const others = mesh.nodes.filter(other => other.name !== name)
      expect(on(v4, name)).toMatchObject({running: true, version: '1.6.8'})
      expect(sessionsOf(on(v4, name))).toEqual(others.map(other => expect.objectContaining(up(4, other.address))))
      expect(sessionsOf(on(v6, name))).toEqual(others.map(other => expect.objectContaining(up(6, other.address6))))
      expect(on(details, name)).toEqual([])
      expect(address6.endsWith(address.split('.').at(-1)!)).toBe(true)
    }
  })

  test('details of every session: AS, routes, timers', async () => {
    const {birdWideV4: wide} = await lookAt(mesh, [birdWideV4])
    const [first] = on(wide, 'n4')
    expect(first).toMatchObject({name: 'Mesh_10_0_0_1', neighborAddress: '10.0.0.1', neighborAs: '64512', neighborId: '10.0.0.1', sourceAddress: '10.0.0.4'})
    expect(first).toMatchObject({imported: 1, exported: 1, holdTimer: expect.stringMatching(/^\d\/3$/), keepaliveTimer: expect.stringMatching(/^\d\/1$/)})
    expect(on(wide, 'n4')).toHaveLength(3)
  })

  test('interfaces with the MTUs they were given', async () => {
    const {links: all} = await lookAt(mesh, [links])
    const mtuOf = (node: string, name: string) => on(all, node).find(link => link.name === name)?.mtu
    expect(mesh.nodes.map(({name}) => mtuOf(name, 'eth0'))).toEqual([1500, 9000, 1400, 1500])
    if (mesh.missing.includes('vxlan')) return console.warn('this kernel has no vxlan: its links are not tested')
    expect(mesh.nodes.map(({name}) => mtuOf(name, 'vxlan.calico'))).toEqual([undefined, undefined, 1350, 1450])
    expect(on(all, 'n4').find(link => link.name === 'vxlan.calico')).toMatchObject({kind: 'vxlan', vxlan: {id: 4096, port: 4789, local: '10.0.0.4'}})
    expect(on(all, 'n1').find(link => link.name === 'eth0')).toMatchObject({kind: 'veth', addresses: expect.arrayContaining(['10.0.0.1/24', 'fd00:10::1/64'])})
  })

  const up = (family: 4 | 6, peer: string) => ({family, peer, type: 'mesh', state: 'up', bgpState: 'Established', error: ''})
  const sessionsOf = (bird: {running: boolean; sessions?: readonly BgpSession[]}) => bird.sessions ?? []
})

describe.skipIf(reason !== undefined)('what BIRD says of faults', () => {
  const look = (plan: LabPlan, until: (lab: Lab) => Promise<unknown>) =>
    withLab(plan, async lab => {
      await until(lab)
      const {birdV4: v4, birdDetailsV4: details} = await lookAt(lab, [birdV4, birdDetailsV4])
      return Object.fromEntries(
        lab.nodes.map(({name}) => {
          const bird = v4.known ? v4.value[name] : undefined
          const answer = bird?.known && bird.value.running ? bird.value.sessions.map(said) : bird
          return [name, {answer, details: details.known ? details.value[name] : details}]
        }),
      )
    })

  test.concurrent('a peer that refuses: the waiting end says nothing, the calling end says why', async () => {
    const seen = await look({nodes: [{name: 'n1'}, {name: 'n2', birdless: true}, {name: 'n3'}]}, async ({waitFor}) => waitFor('n3', /refused/))
    expect(seen.n1!.answer).toContain('Mesh_10_0_0_2 Passive')
    expect(seen.n3!.answer).toContain('Mesh_10_0_0_2 Active Socket: Connection refused')
    expect(seen.n2!.answer).toMatchObject({known: true, value: {running: false, reason: expect.stringMatching(/bird\.ctl\): No such file or directory$/)}})
    expect(seen.n3!.details).toMatchObject({known: true, value: [{name: 'Mesh_10_0_0_2', neighborAs: '64512', lastError: 'Socket: Connection refused'}]})
    expect(seen.n2!.details).toMatchObject({known: false, why: 'failed'})
  })

  test.concurrent('a peer that cannot be reached', async () => {
    const seen = await look({nodes: nodes('n1', 'n2')}, async ({unplug, waitFor}) => {
      unplug('n1')
      await waitFor('n2', /No route to host/)
    })
    expect(seen.n2!.answer).toEqual([expect.stringMatching(/^Mesh_10_0_0_1 (Active|Connect) Socket: No route to host$/)])
  })

  test.concurrent('packets that are dropped: the hold timer expires, then nobody answers', async () => {
    const seen = await look({nodes: nodes('n1', 'n2')}, async ({cut, waitForMesh, waitFor}) => {
      await waitForMesh()
      cut('n1', 'n2')
      await Promise.all([waitFor('n1', /Passive +BGP Error: Hold timer expired/), waitFor('n2', /Connect +BGP Error: Hold timer expired/)])
    })
    expect(seen.n1!.answer).toEqual(['Mesh_10_0_0_2 Passive BGP Error: Hold timer expired'])
    expect(seen.n2!.answer).toEqual(['Mesh_10_0_0_1 Connect BGP Error: Hold timer expired'])
  })

  test.concurrent('a password on one side looks like dropped packets', async () => {
    const seen = await look({nodes: [{name: 'n1', passwords: {n2: 'secret'}}, {name: 'n2'}]}, ({waitFor}) => waitFor('n2', /Connect/))
    expect(seen.n1!.answer).toEqual(['Mesh_10_0_0_2 Passive'])
    expect(seen.n2!.answer).toEqual(['Mesh_10_0_0_1 Connect'])
  })

  test.concurrent('a wrong AS', async () => {
    const seen = await look({nodes: [{name: 'n1'}, {name: 'n2', as: 64513, expectedAs: 64512}]}, async ({waitFor}) => {
      await Promise.all([waitFor('n1', /BGP Error: Bad peer AS/), waitFor('n2', /Received: Bad peer AS/)])
    })
    expect(seen.n1!.answer).toEqual([expect.stringMatching(/^Mesh_10_0_0_2 \w+ BGP Error: Bad peer AS$/)])
    expect(seen.n2!.answer).toEqual([expect.stringMatching(/^Mesh_10_0_0_1 \w+ Received: Bad peer AS$/)])
  })

  test.concurrent('one router id twice', async () => {
    const twice = [
      {name: 'n1', routerId: '10.9.9.9'},
      {name: 'n2', routerId: '10.9.9.9'},
    ]
    const seen = await look({nodes: twice}, async ({waitFor}) => Promise.all(['n1', 'n2'].map(name => waitFor(name, /Bad BGP identifier/))))
    expect(seen.n1!.answer).toEqual([expect.stringContaining('BGP Error: Bad BGP identifier')])
    expect(seen.n2!.answer).toEqual([expect.stringContaining('BGP Error: Bad BGP identifier')])
  })

  test.concurrent('BIRD killed: its socket file stays, and refuses', async () => {
    const seen = await look({nodes: nodes('n1', 'n2')}, async ({waitForMesh, killBird, waitFor}) => {
      await waitForMesh()
      await killBird('n1')
      await waitFor('n2', /refused/)
    })
    expect(seen.n1!.answer).toMatchObject({known: true, value: {running: false, reason: expect.stringMatching(/bird\.ctl\): Connection refused$/)}})
    expect(seen.n2!.answer).toEqual(['Mesh_10_0_0_1 Active Socket: Connection refused'])
  })

  test.concurrent('a socket that we may not open says nothing about BIRD', async () => {
    const asNobody = ['setpriv', '--reuid', '65534', '--clear-groups']
    const argv = [...asNobody, '/usr/sbin/birdc', '-s', '/var/run/calico/bird.ctl', 'show', 'protocols']
    const {stdout, stderr} = await withLab({nodes: nodes('n1')}, ({exec}) => exec('n1', argv))
    expect(readBird({argv: [], exit: 1, stdout, stderr}, 4)).toEqual({
      known: false,
      why: 'forbidden',
      detail: 'Unable to connect to server control socket (/var/run/calico/bird.ctl): Permission denied',
    })
  })

  test.concurrent('a route reflector, a dead global peer, a second session to the same address', async () => {
    const plan: LabPlan = {
      nodes: [{name: 'n1'}, {name: 'n2'}, {name: 'rr', clusterId: '244.0.0.1'}],
      mesh: false,
      peers: [
        {name: 'Global_10_0_0_99', address: '10.0.0.99', as: 64512},
        {name: 'Global_10_0_0_3', address: '10.0.0.3', as: 64512},
        {name: 'Node_10_0_0_3_port_1790', address: '10.0.0.3', port: 1790, as: 64512},
      ],
    }
    const seen = await look(plan, async ({waitFor}) => {
      await Promise.all(['n1', 'n2'].map(name => waitFor(name, /Node_10_0_0_3 .*Established[\s\S]*Global_10_0_0_99 .*No route/)))
    })
    for (const name of ['n1', 'n2']) {
      expect(seen[name]!.answer).toEqual([
        'Node_10_0_0_3 Established',
        expect.stringMatching(/^Global_10_0_0_99 (Active|Connect) Socket: No route to host$/),
        'Global_10_0_0_3 Idle',
        expect.stringMatching(/^Node_10_0_0_3_port_1790 Active Socket: Connection refused$/),
      ])
    }
  })

  test.concurrent('IPv6: bird6 dead, bird alive', async () => {
    const {
      birdV4: v4,
      birdV6: v6,
      birdDetailsV6: details,
    } = await withLab({nodes: nodes('n1', 'n2'), ipv6: true}, async lab => {
      await lab.waitForMesh()
      await lab.killBird('n1', 6)
      await lab.waitFor('n2', /Mesh_fd00_10__1 .*refused/, 6)
      return lookAt(lab, [birdV4, birdV6, birdDetailsV6])
    })
    expect(on(v4, 'n1')).toMatchObject({running: true, sessions: [{bgpState: 'Established'}]})
    expect(on(v6, 'n1')).toMatchObject({running: false, reason: expect.stringContaining('bird6.ctl): Connection refused')})
    expect(on(v6, 'n2')).toMatchObject({sessions: [{family: 6, peer: 'fd00:10::1', error: 'Socket: Connection refused'}]})
    expect(on(details, 'n2')).toMatchObject([{neighborAddress: 'fd00:10::1', lastError: 'Socket: Connection refused'}])
  })
})
