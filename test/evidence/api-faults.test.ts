import {expect, test} from 'vitest'
import {type ClusterState, change} from '../../src/demo/index.ts'
import {apiEvidenceTasks} from '../../src/evidence/api-evidence.ts'
import {simulated} from '../helpers/simulated.ts'
import {contextOf, gather, noLimits} from './api-context.ts'

test('an API server that dies half-way: what came before is there, the rest is named', async () => {
  const {cluster, sim} = await simulated({nodes: 6})
  const context = await contextOf(cluster)
  sim.setFaults([{path: '/', answer: 'cut', after: 40}])
  const got = await gather(context, {...noLimits, timeoutMs: 30_000})
  expect(got.files.length).toBeGreaterThan(5)
  expect(got.missed.length).toBeGreaterThan(5)
  expect(got.missed.filter(({why}) => !['absent', 'failed', 'unreachable'].includes(why))).toEqual([])
})

test('an API server that says nothing any more costs the request timeout, and an overall time that is over nothing', async () => {
  const {cluster, sim} = await simulated({nodes: 4}, {requestTimeoutMs: 300})
  const context = await contextOf(cluster)
  sim.setFaults([{path: '/', answer: 'stall'}])
  const one = apiEvidenceTasks(context).find(({what}) => what.startsWith('status and logs of'))!
  const started = performance.now()
  const seen = []
  for await (const evidence of one.run({...noLimits, timeoutMs: 300})) seen.push(evidence)
  expect(seen).toEqual([{missed: expect.objectContaining({why: 'timeout', source: expect.stringContaining('status and logs of kube-system/')})}])
  expect(performance.now() - started).toBeLessThan(5_000)
  const stopped = await gather(context, {...noLimits, signal: AbortSignal.abort()})
  expect(stopped.files).toEqual([])
  expect(new Set(stopped.missed.map(({why}) => why))).toEqual(new Set(['timeout', 'absent']))
})

test('interrupted is said as such', async () => {
  const {cluster} = await simulated({nodes: 3})
  const interrupted = Object.assign(new Error('Ctrl-C'), {name: 'Interrupted'})
  const got = await gather(await contextOf(cluster), {...noLimits, signal: AbortSignal.abort(interrupted)})
  expect(new Set(got.missed.map(({why}) => why))).toEqual(new Set(['not-collected', 'absent']))
})

test('a kubelet that is gone costs its pods one line each', async () => {
  const {cluster, sim} = await simulated({scenario: 'incident', nodes: 12})
  sim.setFaults([{path: /\/log\?/, answer: {status: 500, message: 'Get "https://10.20.0.11:10250/containerLogs": dial tcp 10.20.0.11:10250: i/o timeout'}}])
  const got = await gather(await contextOf(cluster))
  const unreachable = got.missed.filter(({why}) => why === 'unreachable')
  expect(unreachable.length).toBe(16)
  expect(unreachable.filter(({source}) => source?.includes('(previous)'))).toHaveLength(1)
  expect(got.paths(/^pods\//).length).toBeGreaterThan(15)
})

test('logs of a gigabyte are cut, within memory', async () => {
  const {cluster, sim} = await simulated({nodes: 6})
  const context = await contextOf(cluster, {maxFileBytes: 512 * 1024})
  sim.setFaults([{path: /\/log\?/, answer: 'flood'}])
  const before = process.memoryUsage().rss
  const got = await gather(context)
  const logs = got.files.filter(({path}) => path.endsWith('.log'))
  expect(logs.length).toBeGreaterThan(6)
  expect(logs.filter(({truncated, text}) => !truncated || text.length > 512 * 1024 || !text.endsWith('y\n'))).toEqual([])
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 ** 2)
})

const podOf = ({objects}: ClusterState, app: string) => objects.pods!.find(({metadata}) => metadata.labels?.['k8s-app'] === app)!.metadata

test('pods that never ran, and pods that are gone since the look', async () => {
  const {cluster, sim} = await simulated({nodes: 6})
  const [waiting, pending] = [podOf(sim.state, 'calico-typha'), podOf(sim.state, 'calico-kube-controllers')]
  change(sim.state, {resource: 'pods', name: waiting.name}, ({status}) => {
    status.containerStatuses[0] = {...status.containerStatuses[0], ready: false, state: {waiting: {reason: 'ImagePullBackOff', message: 'no such image'}}}
  })
  change(sim.state, {resource: 'pods', name: pending.name}, ({spec, status}) => {
    delete spec.nodeName
    status.phase = 'Pending'
    status.containerStatuses = []
  })
  const context = await contextOf(cluster)
  const gone = podOf(sim.state, 'calico-node')
  sim.state.objects.pods = sim.state.objects.pods!.filter(({metadata}) => metadata.name !== gone.name)
  const got = await gather(context)
  const about = (name: string) => got.missed.filter(({source}) => source?.includes(name)).map(({why, detail}) => `${why}: ${detail}`)
  expect(about(waiting.name)).toEqual(['absent: it never started: ImagePullBackOff: no such image'])
  expect(about(pending.name)).toEqual(['absent: it never started: Pending'])
  expect(got.text(`pods/kube-system/${pending.name}.txt`)).toContain('(none: nobody scheduled it)')
  expect(about(gone.name)).toEqual([expect.stringMatching(/^absent: .*404 pods "calico-node-\w+" not found/)])
})

test('names that are no part of a path, and lists that are cut in the middle', async () => {
  const {cluster, sim} = await simulated({nodes: 3})
  change(sim.state, {resource: 'pods', name: podOf(sim.state, 'calico-node').name}, ({metadata}) => Object.assign(metadata, {name: '../../x\u001b[31m'}))
  const got = await gather(await contextOf(cluster))
  expect(got.paths(/\.\.\//)).toEqual([])
  expect(got.paths(/%2e\.%2f/i).length + got.paths(/\u001b/).length).toBeGreaterThan(0)
  expect(got.files.filter(({path, text}) => path.startsWith('pods/') && /\u001b/.test(text))).toEqual([])
})
