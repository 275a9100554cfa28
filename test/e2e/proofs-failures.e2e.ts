import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import {scenario} from '../../src/demo/index.ts'
import type {Check} from '../../src/engine/check.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {simulatedExecutor} from './executor.ts'
import {accountWith, settled} from './proof-roles.ts'
import {checkAs, findingsOf, type Judged, runAs} from './proof-run.ts'
import {passesUnseen} from './proof-seen.ts'
import {signal} from './proof-signals.ts'
import {slowed} from './proof-slow.ts'
import {wayTo} from './proof-way.ts'

const size = 6
/** May do everything. */
const all = {kind: 'ClusterRole', metadata: {name: 'all'}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]} as const

describe.skipIf(whyNone !== undefined)('what breaks while we look', () => {
  const state = scenario('healthy', {nodes: size})
  let cluster: RealCluster
  let checks: readonly Check[]
  let folder: string
  /** How long each node takes, and what happens when the first of them is asked. */
  let [seconds, onAsked] = [0, (): void => {}]
  beforeAll(async () => {
    checks = await loadChecks()
    folder = mkdtempSync(join(tmpdir(), 'cdslow-'))
    const once = () => {
      const act = onAsked
      onAsked = () => {}
      act()
    }
    cluster = await startReal(state, {execute: name => command => slowed(simulatedExecutor(state.nodes[name]!), {seconds, folder, onStart: once})(command)})
  })
  afterAll(async () => {
    await cluster?.close()
    if (folder) rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  })

  /** It ended by itself, and made nothing of what it had not seen. */
  function makesNothingUp({code, report, stderr}: Judged): void {
    const {percent} = report.coverage
    expect({code, stderr, findings: findingsOf(report), crashed: report.summary.crashed}).toEqual({
      code: percent < 90 ? 3 : 0,
      stderr: '',
      findings: [],
      crashed: 0,
    })
    expect(passesUnseen(checks, report)).toEqual([])
    if (percent < 100) expect(report.summary.unknown).toBeGreaterThan(0)
  }
  function isUndecided(ran: Judged): void {
    makesNothingUp(ran)
    expect(ran.code).toBe(3)
  }
  const check = (...argv: readonly string[]) => checkAs(cluster.admin.identity, argv)
  const nodesUnseen = ({report}: Judged) => report.coverage.nodes.missing.map(({why, detail}) => `${why}: ${detail}`)

  test('an API server that is gone after any number of bytes', async () => {
    const through = async (bytes?: number) => {
      const way = await wayTo(cluster.url, bytes)
      const ran = await runAs({...cluster.admin.identity, url: way.url}, ['check', '-o=json'])
      way.close()
      return {...ran, bytes: way.bytes()}
    }
    const whole = await through()
    expect(whole.code).toBe(0)
    const parts = Array.from({length: 12}, (_, index) => Math.floor((whole.bytes * index) / 12))
    for (const bytes of parts) {
      const {code, stdout, stderr, ms} = await through(bytes)
      expect(ms, `${bytes} bytes`).toBeLessThan(20_000)
      if (code === 4) {
        expect([stdout, stderr], `${bytes} bytes`).toEqual(['', expect.stringMatching(/^Error: The API server .*\n\S/)])
      } else {
        const report = JSON.parse(stdout)
        makesNothingUp({code, stdout, stderr, ms, report})
      }
    }
  })

  test('credentials that end during the run, certificate or token', async () => {
    seconds = 3
    const {url, ca} = cluster
    await accountWith(cluster, 'short', [all])
    await settled()
    const {metadata} = await cluster.admin.must('GET', '/api/v1/namespaces/default/serviceaccounts/short')
    // go-jose forgives a minute, and the API server remembers for ten seconds that a token was good (k8s.io/apiserver: authenticator/token/cache).
    const token = cluster.addToken({namespace: 'default', name: 'short', uid: metadata.uid, seconds: -55})
    const certificate = {url, ca, client: await cluster.issue({name: 'soon', organisations: ['system:masters'], notAfter: new Date(Date.now() + 8_000)})}
    for (const ran of await Promise.all([certificate, token].map(who => checkAs(who, ['--concurrency=1'])))) {
      isUndecided(ran)
      const {seen, missing} = ran.report.coverage.nodes
      expect([seen > 0, missing.length > 0]).toEqual([true, true])
      for (const cause of nodesUnseen(ran))
        expect(cause).toMatch(/^forbidden: exec in .*: 401 Unauthorized \(the credentials were good at the start: expired or withdrawn\)$/)
    }
    expect(await runAs(certificate, ['check'])).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^Error: The client certificate .* expired on /),
    })
    expect(await runAs(token, ['check'])).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^Error: .* refuses the credentials .*\n.*token may have expired/),
    })
  })

  test('etcd that hangs: in time, unknown, and well again when it is back', async () => {
    seconds = 0
    signal(cluster, 'etcd', 'SIGSTOP')
    const ran = await check('--timeout=6s').finally(() => signal(cluster, 'etcd', 'SIGCONT'))
    isUndecided(ran)
    expect(ran.ms).toBeLessThan(10_000)
    expect(ran.report.coverage.facts.missing).toContainEqual({fact: 'nodes', why: 'timeout', detail: expect.stringMatching(/^GET \/api\/v1\/nodes: /)})
    await expect.poll(async () => (await check()).code, {timeout: 30_000}).toBe(0)
  })

  test('an API server that hangs while nodes are asked, and then from the start', async () => {
    seconds = 1
    onAsked = () => signal(cluster, 'kube-apiserver', 'SIGSTOP')
    const ran = await check('--node-timeout=3s')
    isUndecided(ran)
    expect(ran.ms).toBeLessThan(8_000)
    expect(nodesUnseen(ran)).toEqual(Array(size).fill(expect.stringMatching(/^timeout: .*no complete answer in 3 s/)))
    const never = await runAs(cluster.admin.identity, ['node', 'status', '--timeout=2s'])
    expect(never).toMatchObject({code: 4, stdout: '', stderr: expect.stringMatching(/^Error: /)})
    expect(never.ms).toBeLessThan(5_000)
    signal(cluster, 'kube-apiserver', 'SIGCONT')
    await expect.poll(async () => (await check()).code, {timeout: 30_000}).toBe(0)
  })

  test('an API server that is killed while nodes are asked', async () => {
    seconds = 2
    onAsked = () => signal(cluster, 'kube-apiserver', 'SIGKILL')
    const ran = await check()
    isUndecided(ran)
    expect(ran.ms).toBeLessThan(20_000)
    expect(nodesUnseen(ran)).toEqual(
      Array(size).fill(expect.stringMatching(/: (the connection was cut|connection refused|the connection closed without a status)/)),
    )
    const status = await runAs(cluster.admin.identity, ['node', 'status'])
    expect(status).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^Error: The API server .* refuses the connection: nothing listens there\./),
    })
  })
})
