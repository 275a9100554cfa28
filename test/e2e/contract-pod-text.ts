import {networkInterfaces} from 'node:os'
import {expect} from 'vitest'
import {change} from '../../src/demo/change.ts'
import type {ClusterState, KubeObject} from '../../src/demo/cluster-state.ts'
import {connected} from '../helpers/connections.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {type Identity, kubeconfigOf} from './api.ts'
import {type Contract, failure} from './contract.ts'

/** The API server dials no pod on loopback. This machine's own address leads to loopback, too; the port is that of `discard`, on which nobody listens. */
const own = Object.values(networkInterfaces())
  .flat()
  .find(one => one?.family === 'IPv4' && !one.internal)?.address
const closedPort = 9

const agentsIn = ({objects}: ClusterState) => objects.pods!.filter(({metadata: {labels}}) => labels?.['k8s-app'] === 'calico-node')
const nodeOf = ({spec}: KubeObject) => (spec as {nodeName: string}).nodeName
const before = {startedAt: '2025-11-18T08:00:00Z', finishedAt: '2025-11-18T08:30:00Z', exitCode: 137, reason: 'OOMKilled', containerID: 'containerd://before'}

/** One calico-node was started anew, one waits for its image, and a pod waits for a node. */
export function plantPods(state: ClusterState): void {
  const [, , restarted, waiting] = agentsIn(state) as [KubeObject, KubeObject, KubeObject, KubeObject]
  const container = (pod: KubeObject, fields: object) =>
    change(state, {resource: 'pods', name: pod.metadata.name}, ({status}) => Object.assign(status.containerStatuses[0], fields))
  container(restarted, {restartCount: 1, lastState: {terminated: before}})
  container(waiting, {state: {waiting: {reason: 'ImagePullBackOff'}}})
  change(state, {resource: 'pods', name: waiting.metadata.name}, ({status}) => Object.assign(status, own && {podIP: own, podIPs: [{ip: own}]}))
  state.objects.pods!.push({
    metadata: {name: 'unscheduled', namespace: 'kube-system', labels: {app: 'waits'}},
    spec: {containers: [{name: 'only', image: 'x'}]},
    status: {},
  })
}

/** What comes through the API server from a kubelet or a pod's port. */
export function podTextContract({test, api, state, subject}: Contract): void {
  const [running, dead, restarted, waiting] = agentsIn(state).map(({metadata: {name}}) => name) as [string, string, string, string]
  const pods = '/api/v1/namespaces/kube-system/pods'
  const log = (pod: string, query: string) => `${pods}/${pod}/log?${query}`
  const text = async (path: string) => {
    const {status, text: said, headers} = await api().ask('GET', path)
    expect([path, status, headers['content-type']]).toEqual([path, 200, 'text/plain'])
    return said
  }
  const refused = async (path: string) => {
    const {status, reason, message} = await failure(api(), path)
    return [status, reason, message]
  }
  const door = async (identity: Identity = api().identity) => (await connected({kubeconfig: writeConfig(kubeconfigOf(identity))})).cluster
  const limits = {timeoutMs: 10_000, maxBytes: 1_000_000}

  test('a log: all of it, its newest lines, the young of those, its first bytes, with times', async () => {
    const said = (query: string) => text(log(running, `container=calico-node${query}`))
    const whole = (await said('')).trimEnd().split('\n')
    expect(whole.length).toBeGreaterThan(20)
    expect((await said('&tailLines=3')).trimEnd().split('\n')).toEqual(whole.slice(-3))
    expect(await said('&tailLines=0')).toBe('')
    expect((await said('&sinceSeconds=1800')).trimEnd().split('\n').length).toBeLessThan(whole.length)
    expect(await said('&limitBytes=10')).toBe(whole.join('\n').slice(0, 10))
    expect(await said('&tailLines=1&timestamps=true')).toMatch(/^2025-11-18T\d\d:\d\d:\d\d\.\d{9}Z 2025-11-18 /)
    expect(await text(log(restarted, 'container=calico-node&previous=true'))).toMatch(/Node .* starts/)
    expect(await text(log(running, 'container=install-cni'))).toMatch(/Copied/)
  })

  test.each([
    [
      'a container that never restarted',
      () => log(running, 'container=calico-node&previous=true'),
      400,
      () => `previous terminated container "calico-node" in pod "${running}" not found`,
    ],
    [
      'one that waits for its image',
      () => log(waiting, 'container=calico-node'),
      400,
      () => `container "calico-node" in pod "${waiting}" is waiting to start: trying and failing to pull image`,
    ],
    ['a container that is none', () => log(running, 'container=other'), 400, () => `container other is not valid for pod ${running}`],
    ['a pod that is none', () => log('nowhere', 'container=calico-node'), 404, () => 'pods "nowhere" not found'],
    ['lines that are no number', () => log(running, 'tailLines=x'), 400, () => 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      'fewer than no lines',
      () => log('nowhere', 'tailLines=-1'),
      422,
      () => 'PodLogOptions "nowhere" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'no time at all',
      () => log(running, 'sinceSeconds=0'),
      422,
      () => `PodLogOptions "${running}" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0`,
    ],
    [
      'two faults',
      () => log(running, 'tailLines=-1&limitBytes=0'),
      422,
      () =>
        `PodLogOptions "${running}" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: 0: must be greater than 0]`,
    ],
  ])('no log: %s', async (_name, path, code, message) => {
    const reason = {400: 'BadRequest', 404: 'NotFound', 422: 'Invalid'}[code]
    expect(await refused(path())).toEqual([code, reason, message()])
  })
  test('a pod that nobody scheduled has no content', async () => {
    expect(await api().ask('GET', log('unscheduled', ''))).toMatchObject({status: 204, text: ''})
    expect(await (await door()).text(log('unscheduled', ''), limits)).toEqual({known: true, value: ''})
  })
  test('a kubelet that is dead', async () => {
    const pod = agentsIn(state).find(({metadata: {name}}) => name === dead)!
    await subject().killKubelet(nodeOf(pod))
    const {status, json} = await api().ask('GET', log(dead, 'container=calico-node'))
    expect([status, json().message]).toEqual([
      500,
      expect.stringMatching(
        /^Get "https:\/\/[\d.]+:\d+\/containerLogs\/kube-system\/calico-node-.*\/calico-node": dial tcp [\d.]+:\d+: connect: connection refused$/,
      ),
    ])
    expect(await (await door()).text(log(dead, 'container=calico-node'), limits)).toMatchObject({known: false, why: 'unreachable'})
  })
  test('what the door makes of them', async () => {
    const {text: ask} = await door()
    const absent = (words: RegExp) => ({known: false, why: 'absent', detail: expect.stringMatching(words)})
    expect(await ask(log(running, 'container=calico-node&previous=true'), limits)).toMatchObject(
      absent(/\(container calico-node, previous\): 400 previous terminated/),
    )
    expect(await ask(log(waiting, 'container=calico-node'), limits)).toMatchObject(absent(/is waiting to start/))
    expect(await ask(log('nowhere', 'container=calico-node'), limits)).toMatchObject(absent(/404 pods "nowhere" not found/))
    expect(await ask(log(running, 'sinceSeconds=0'), limits)).toMatchObject({known: false, why: 'failed'})
    expect(await ask(log(running, 'container=calico-node'), {...limits, maxBytes: 100})).toMatchObject({known: true, partial: expect.any(String)})
  })

  test.skipIf(own === undefined)('a port on which nobody listens', async () => {
    const path = `${pods}/${waiting}:${closedPort}/proxy/metrics`
    const words = `error trying to reach service: dial tcp ${own}:${closedPort}: connect: connection refused`
    expect(await refused(path)).toEqual([503, 'ServiceUnavailable', words])
    expect(await (await door()).text(path, limits)).toEqual({known: false, why: 'unreachable', detail: `GET ${path}: 503 ${words}`})
  })
  test('a pod without an address, and what is no pod', async () => {
    const path = `${pods}/unscheduled:9091/proxy/metrics`
    expect(await refused(path)).toEqual([400, 'BadRequest', 'address not allowed'])
    expect(await (await door()).text(path, limits)).toMatchObject({known: false, why: 'absent'})
    expect(await refused(`${pods}/nowhere:9091/proxy/metrics`)).toEqual([404, 'NotFound', 'pods "nowhere" not found'])
    expect(await refused(`${pods}/ftp:${running}:9091/proxy/metrics`)).toEqual([400, 'BadRequest', `invalid pod request "ftp:${running}:9091"`])
  })

  test('rights to logs and to ports are rights of their own, and a 403 names the one that is missing', async () => {
    const may = (...resources: string[]) => [{verbs: ['get'], apiGroups: [''], resources, namespaces: ['kube-system']}]
    const [logger, reader] = await Promise.all([subject().addUser('logger', may('pods/log')), subject().addUser('podreader', may('pods'))])
    const forbidden = (pod: string, user: string, right: string) => ({
      known: false,
      why: 'forbidden',
      detail: expect.stringContaining(
        `: 403 pods "${pod}" is forbidden: User "demo-${user}" cannot get resource "pods/${right}" in API group "" in the namespace "kube-system"`,
      ),
    })
    const [forLogs, forPods] = await Promise.all([door(logger), door(reader)])
    const page = `${pods}/${running}:9091/proxy/metrics`
    expect(await forLogs.text(log(running, 'container=calico-node&tailLines=1'), limits)).toMatchObject({known: true})
    expect(await forLogs.text(page, limits)).toMatchObject(forbidden(`${running}:9091`, 'logger', 'proxy'))
    expect(await forPods.text(log(running, 'container=calico-node'), limits)).toMatchObject(forbidden(running, 'podreader', 'log'))
  })
}
