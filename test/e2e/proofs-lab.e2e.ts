import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {scenario} from '../../src/demo/index.ts'
import {type Lab, startLab, whyNoLab} from '../lab/lab.ts'
import {ip} from '../lab/namespaces.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {atLabAddresses, labInsides} from './lab-nodes.ts'
import {checkAs, findingsOf, runAs} from './proof-run.ts'

const why = whyNone ?? whyNoLab()

describe.skipIf(why !== undefined)('six nodes with real BIRD behind a real API server', () => {
  let lab: Lab
  let cluster: RealCluster
  let insides: string
  beforeAll(async () => {
    insides = mkdtempSync(join(tmpdir(), 'cdroot-'))
    const simulated = scenario('healthy', {nodes: 6})
    lab = await startLab({nodes: Object.keys(simulated.nodes).map(name => ({name}))})
    const state = atLabAddresses(simulated, lab)
    cluster = await startReal(state, {execute: labInsides(lab, state, insides)})
    await lab.waitForMesh()
  })
  afterAll(async () => {
    await cluster?.close()
    lab?.close()
    if (insides) rmSync(insides, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  })

  const check = () => checkAs(cluster.admin.identity)
  const status = async (...argv: readonly string[]) => {
    const {code, stdout, stderr} = await runAs(cluster.admin.identity, ['node', 'status', ...argv])
    return {code, stdout, stderr}
  }
  const addressOf = (name: string) => lab.node(name).address

  async function allIsWell(): Promise<void> {
    const {code, report, stderr} = await check()
    expect({code, stderr, findings: findingsOf(report)}).toEqual({code: 0, stderr: '', findings: []})
    expect(report.coverage).toEqual({percent: 100, nodes: {wanted: 6, seen: 6, missing: []}, facts: {missing: []}})
    expect(report.summary).toMatchObject({unknown: 0, crashed: 0})
    expect(report.cluster.notSeen).toEqual([])
    expect(await status()).toEqual({code: 0, stderr: '', stdout: expect.stringMatching(/^✓ 30 of 30 BGP sessions established, 6 of 6 nodes seen\n/)})
  }

  test('all is well, and all was seen', allIsWell)

  test('node status, wide: AS, routes and timers of real sessions', async () => {
    const {code, stdout} = await status('-o=wide')
    expect(code).toBe(0)
    expect(stdout.match(/ Established {2,}64512 {2,}1 {2,}1 {2,}\d+\/3 /g)).toHaveLength(30)
  })

  test('node status, json', async () => {
    const {code, stdout} = await status('-o=json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      totals: {nodes: 6, seen: 6, healthy: 6, sessions: 30, established: 30, down: 0, daemonsDown: 0},
      notSeen: [],
      withoutBgp: null,
    })
  })

  test('two nodes that do not hear each other: both are named, and why; then it is well again', async () => {
    const [passive, caller] = ['worker-01', 'worker-02'] as const
    lab.cut(passive, caller)
    await Promise.all([lab.waitFor(passive, /Passive +BGP Error: Hold/), lab.waitFor(caller, /Connect +BGP Error: Hold/)])
    const {code, report} = await check()
    expect({code, findings: findingsOf(report)}).toEqual({code: 1, findings: [`bgp/session-down silent Node/${passive} Node/${caller}`]})
    const [finding] = report.checks.find(({id}) => id === 'bgp/session-down')!.findings
    expect(finding?.message).toBe(`${caller} gets no BGP session to ${passive} (${addressOf(passive)}): it does not answer on TCP 179.`)
    const table = await status()
    expect(table).toMatchObject({code: 1, stdout: expect.stringMatching(/^✗ 28 of 30 BGP sessions established, 2 down, 6 of 6 nodes seen\n/)})
    expect(table.stdout).toMatch(new RegExp(`✗ ${caller}: 4 of 5 sessions established\\n.*\\n +✗ +${addressOf(passive)} +${passive} .*BGP Error: Hold timer`))
    expect(JSON.parse((await status('-o=json', '--problems')).stdout)).toMatchObject({totals: {sessions: 30, down: 2, healthy: 4}})

    for (const [from, to] of [
      [passive, caller],
      [caller, passive],
    ] as const)
      ip(lab.node(from).namespace, [`neigh del ${addressOf(to)} dev eth0`])
    await lab.waitForMesh()
    await allIsWell()
  })

  test('a node without its network: one finding, on all who miss it; then it is well again', async () => {
    const lost = 'worker-03'
    const others = lab.nodes.filter(({name}) => name !== lost)
    lab.unplug(lost)
    await Promise.all(others.map(({name}) => lab.waitFor(name, new RegExp(`Mesh_${addressOf(lost).replaceAll('.', '_')} .*(No route|Hold timer)`))))
    const {code, report} = await check()
    expect(code).toBe(1)
    expect(findingsOf(report)).toEqual([expect.stringMatching(/^bgp\/session-down (holdTimer|noRoute|silent) /)])
    const [finding] = report.checks.flatMap(({findings}) => findings)
    expect(finding?.subjects.map(({name}) => name).toSorted()).toEqual(lab.nodes.map(({name}) => name).toSorted())
    expect(finding?.message).toMatch(/no BGP session .*: /)
    expect(finding?.message).toContain(`${lost} (${addressOf(lost)})`)
    expect(await status()).toMatchObject({code: 1, stdout: expect.stringMatching(new RegExp(`^✗ 20 of 30 .*\\n\\n✗ ${lost}: 0 of 5 sessions`))})
    ip(lab.node(lost).namespace, ['link set eth0 up'])
    await lab.waitForMesh()
    await allIsWell()
  })

  test('a BIRD that died: what its node lost and what the others see is one cause', async () => {
    const dead = 'worker-03'
    const others = lab.nodes.filter(({name}) => name !== dead)
    await lab.killBird(dead)
    await Promise.all(others.map(({name}) => lab.waitFor(name, new RegExp(`Mesh_${addressOf(dead).replaceAll('.', '_')} +BGP +master +start`))))
    const {code, report} = await check()
    expect(code).toBe(1)
    expect(findingsOf(report)).toEqual([
      `bgp/bird-not-running v4 Node/${dead}`,
      `bgp/session-down peerDown ${[dead, ...others.map(({name}) => name)].map(name => `Node/${name}`).join(' ')}`,
    ])
    expect(report.coverage.percent).toBe(100)
    expect(await status()).toMatchObject({code: 1, stdout: expect.stringContaining(`✗ ${dead}: no BGP sessions\n  ✗ BIRD for IPv4 is not running: `)})
  })
})
