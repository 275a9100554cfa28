import {expect, test} from 'vitest'
import {change, type SimulatedCluster} from '../../src/demo/index.ts'
import {simulated} from '../helpers/simulated.ts'
import {ask} from './ask.ts'

const podOf = ({state}: SimulatedCluster, app: string, sick = false) =>
  state.objects.pods!.find(
    ({metadata, status}) => metadata.labels?.['k8s-app'] === app && JSON.stringify(status).includes('"Ready","status":"False"') === sick,
  )!
const logOf = (pod: {metadata: {namespace?: string; name: string}}, query: string) =>
  `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/log?${query}`

test('logs as a kubelet gives them: newest lines, young ones, the first bytes, with times', async () => {
  const {sim} = await simulated({nodes: 4})
  const pod = podOf(sim, 'calico-node')
  const log = async (query: string) => (await ask(sim, logOf(pod, `container=calico-node&${query}`))).text
  const whole = (await log('')).trimEnd().split('\n')
  expect(whole.length).toBeGreaterThan(20)
  expect((await log('tailLines=3')).trimEnd().split('\n')).toEqual(whole.slice(-3))
  expect((await log('sinceSeconds=1800')).trimEnd().split('\n').length).toBeLessThan(whole.length)
  expect(await log('limitBytes=10')).toBe(whole.join('\n').slice(0, 10))
  expect(await log('tailLines=1&timestamps=true')).toMatch(/^2025-11-18T\d\d:\d\d:\d\d\.\d{9}Z 2025-11-18 /)
  expect(await ask(sim, logOf(pod, 'container=calico-node&tailLines=x'))).toMatchObject({status: 400})
})

test('what a kubelet refuses, in its words', async () => {
  const {sim} = await simulated({nodes: 4})
  const pod = podOf(sim, 'calico-node')
  const {name} = pod.metadata
  const message = async (query: string) => {
    const {status, json} = await ask(sim, logOf(pod, query))
    return [status, json.message]
  }
  expect(await message('container=calico-node&previous=true')).toEqual([400, `previous terminated container "calico-node" in pod "${name}" not found`])
  expect(await message('container=bird')).toEqual([400, `container bird is not valid for pod ${name}`])
  change(sim.state, {resource: 'pods', name}, ({status}) => (status.containerStatuses[0].state = {waiting: {reason: 'ImagePullBackOff'}}))
  expect(await message('container=calico-node')).toEqual([
    400,
    `container "calico-node" in pod "${name}" is waiting to start: trying and failing to pull image`,
  ])
})

test('a container that was restarted has a log from before', async () => {
  const {sim} = await simulated({scenario: 'incident'})
  const pod = podOf(sim, 'calico-node', true)
  const now = await ask(sim, logOf(pod, 'container=calico-node'))
  const before = await ask(sim, logOf(pod, 'container=calico-node&previous=true'))
  expect(now.text).toContain('Service "calico-typha" not found')
  expect(before.status).toBe(200)
  expect(before.text).not.toBe(now.text)
})

test('metrics are there where they are switched on, and tell of the same cluster', async () => {
  const {sim} = await simulated({nodes: 4})
  const page = (app: string, port: number, rest = 'metrics') => {
    const {namespace, name} = podOf(sim, app).metadata
    return ask(sim, `/api/v1/namespaces/${namespace}/pods/${name}:${port}/proxy/${rest}`)
  }
  expect(await page('calico-node', 9091)).toMatchObject({
    status: 503,
    json: {message: expect.stringMatching(/^error trying to reach service: dial tcp 10\.20\.\d+\.\d+:9091: connect: connection refused$/)},
  })
  expect((await page('calico-kube-controllers', 9094)).text).toContain('ipam_allocations_in_use{')
  expect(await page('calico-kube-controllers', 9094, 'debug')).toMatchObject({status: 404, text: '404 page not found\n'})
  change(sim.state, {resource: 'felixconfigurations.crd.projectcalico.org', name: 'default'}, ({spec}) => {
    spec.prometheusMetricsEnabled = true
  })
  expect((await page('calico-node', 9091)).text).toContain('felix_cluster_num_hosts 4\n')
  change(sim.state, {resource: 'pods', name: podOf(sim, 'calico-typha').metadata.name}, ({spec}) => {
    spec.containers[0].env.push({name: 'TYPHA_PROMETHEUSMETRICSENABLED', value: 'true'})
  })
  expect((await page('calico-typha', 9093)).text).toContain('typha_connections_active ')
})

test('logs and proxies have rights of their own', async () => {
  const {sim} = await simulated({nodes: 4})
  const pod = podOf(sim, 'calico-node')
  sim.addUser('reader', [{verbs: ['get', 'list'], apiGroups: [''], resources: ['pods']}])
  sim.addUser('logger', [{verbs: ['get'], apiGroups: [''], resources: ['pods/log'], namespaces: ['kube-system']}])
  const as = async (token: string, path: string) => (await ask(sim, path, {token})).status
  const proxy = `/api/v1/namespaces/kube-system/pods/${pod.metadata.name}:9094/proxy/metrics`
  expect([await as('reader', logOf(pod, 'container=calico-node')), await as('reader', proxy)]).toEqual([403, 403])
  expect([await as('logger', logOf(pod, 'container=calico-node')), await as('logger', proxy)]).toEqual([200, 403])
})
