import {expect} from 'vitest'
import type {ClusterState} from '../../src/demo/cluster-state.ts'
import {type Contract, failure, nameOf, pools} from './contract.ts'

export function listContract({test, api, state}: Contract): void {
  const pods = state.objects.pods!
  test('a list by pages: one resourceVersion, a count of what remains, every object once', async () => {
    const names: string[] = []
    const versions = new Set<string>()
    let token = ''
    do {
      const page = await api().must('GET', `/api/v1/pods?limit=5&continue=${encodeURIComponent(token)}`)
      names.push(...page.items.map(nameOf))
      versions.add(page.metadata.resourceVersion)
      token = page.metadata.continue ?? ''
      expect(page.metadata.remainingItemCount ?? 0).toBe(pods.length - names.length)
    } while (token !== '')
    expect(names).toEqual(pods.map(nameOf))
    expect(versions.size).toBe(1)
  })

  test('what a selector leaves out is not counted', async () => {
    const {metadata: meta, items} = await api().must('GET', '/api/v1/pods?limit=1&labelSelector=k8s-app%3Dcalico-node')
    expect(items).toHaveLength(1)
    expect(meta.continue).toMatch(/./)
    expect(meta).not.toHaveProperty('remainingItemCount')
  })

  test('resourceVersion=0 gives all, whatever the limit', async () => {
    const {metadata: meta, items} = await api().must('GET', '/api/v1/pods?limit=5&resourceVersion=0')
    expect(items).toHaveLength(pods.length)
    expect(meta).not.toHaveProperty('continue')
  })

  test('a continue token that is none, or goes with a resourceVersion', async () => {
    expect(await failure(api(), '/api/v1/pods?limit=5&continue=nonsense')).toMatchObject({
      status: 400,
      reason: 'BadRequest',
      message: expect.stringContaining('continue key is not valid'),
    })
    const {continue: token} = (await api().must('GET', '/api/v1/pods?limit=5')).metadata
    expect(await failure(api(), `/api/v1/pods?limit=5&resourceVersion=1&continue=${token}`)).toMatchObject({
      status: 400,
      message: 'specifying resource version is not allowed when using continue',
    })
  })

  test('a limit below zero is none; a resourceVersion that is no number is refused', async () => {
    expect((await api().must('GET', '/api/v1/pods?limit=-1')).items).toHaveLength(pods.length)
    const refused = async (query: string) => {
      const {status, message} = await failure(api(), `/api/v1/pods?${query}`)
      return [status, message]
    }
    expect(await refused('limit=abc')).toEqual([400, 'strconv.ParseInt: parsing "abc": invalid syntax'])
    expect(await refused('limit=99999999999999999999')).toEqual([400, 'strconv.ParseInt: parsing "99999999999999999999": value out of range'])
    expect(await refused('resourceVersion=abc')).toEqual([
      400,
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ])
    expect(await refused('resourceVersion=99999999999')).toEqual([
      504,
      expect.stringMatching(/^Timeout: Too large resource version: 99999999999, current: \d+$/),
    ])
  })

  test.each([
    [
      '/api/v1/pods?labelSelector=k8s-app%20in%20(calico-node,calico-typha),!nothing',
      (pod: Pod) => ['calico-node', 'calico-typha'].includes(pod.metadata.labels?.['k8s-app'] ?? ''),
    ],
    ['/api/v1/pods?labelSelector=k8s-app!%3Dcalico-node', (pod: Pod) => pod.metadata.labels?.['k8s-app'] !== 'calico-node'],
    ['/api/v1/pods?fieldSelector=spec.nodeName%3Dcontrol-1', (pod: Pod) => (pod.spec as {nodeName: string}).nodeName === 'control-1'],
    ['/api/v1/pods?fieldSelector=metadata.namespace!%3Dkube-system,status.phase%3DRunning', (pod: Pod) => pod.metadata.namespace !== 'kube-system'],
    ['/api/v1/namespaces/nowhere/pods', () => false],
  ])('%s', async (path, chosen) => {
    expect((await api().must('GET', path)).items.map(nameOf)).toEqual(pods.filter(chosen).map(nameOf))
  })

  test('selectors that are none', async () => {
    for (const selector of ['labelSelector=a%20in%20(b', 'labelSelector=a%3D%3D%3Db']) {
      expect(await failure(api(), `/api/v1/pods?${selector}`)).toMatchObject({
        status: 400,
        reason: 'BadRequest',
        message: expect.stringMatching(/^unable to parse requirement: /),
      })
    }
    expect(await failure(api(), '/api/v1/pods?fieldSelector=spec.nonsense%3Dx')).toMatchObject({
      status: 400,
      message: 'field label not supported: spec.nonsense',
    })
    expect(await failure(api(), `${pools}?fieldSelector=spec.cidr%3Dx`)).toMatchObject({status: 400, message: 'field label not supported: spec.cidr'})
  })

  test('items of custom resources say what they are, built-in ones do not; an empty list is a list', async () => {
    const [{items: pool}, {items: pod}, none] = await Promise.all(
      [pools, '/api/v1/pods?limit=1', '/apis/crd.projectcalico.org/v1/bgppeers'].map(path => api().must('GET', path)),
    )
    expect(pool[0]).toMatchObject({apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool'})
    expect(pod[0]).not.toHaveProperty('kind')
    expect(none).toMatchObject({kind: 'BGPPeerList', items: []})
  })

  test('pods carry the zone of their node', async () => {
    const zones = new Map(state.objects.nodes!.map(({metadata: {name, labels}}) => [name, labels?.[zone]]))
    const {items} = await api().must('GET', '/api/v1/pods')
    for (const {metadata, spec} of items) expect([metadata.name, metadata.labels[zone]]).toEqual([metadata.name, zones.get(spec.nodeName)])
  })

  test('more than 128 KiB come compressed to those who like that', async () => {
    const answer = await api().open('/api/v1/pods', {'Accept-Encoding': 'gzip'})
    expect(answer.headers['content-encoding']).toBe('gzip')
    answer.destroy()
  })
}
const zone = 'topology.kubernetes.io/zone'
type Pod = ClusterState['objects'][string][number]

export function watchContract({test, api, state}: Contract): void {
  const watched = async (query: string) =>
    (await api().ask('GET', `/api/v1/nodes?watch=true&timeoutSeconds=1${query}`)).text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
  test('a watch begins with what is there, and ends when it said', async () => {
    const events = await watched('')
    expect(events.map(({type, object}) => `${type} ${object.kind} ${nameOf(object)}`).toSorted()).toEqual(
      state.objects.nodes!.map(node => `ADDED Node ${nameOf(node)}`),
    )
  })
  test('or with what comes after a list', async () => {
    const {resourceVersion} = (await api().must('GET', '/api/v1/nodes?limit=1')).metadata
    expect(await watched(`&resourceVersion=${resourceVersion}`)).toEqual([])
  })
  test('or with what came after some version', async () => {
    const blocks = '/apis/crd.projectcalico.org/v1/ipamblocks'
    const versionOf = ({metadata: {resourceVersion}}: Versioned) => Number(resourceVersion)
    const [, second, ...later] = (await api().must('GET', blocks)).items.toSorted((a: Versioned, b: Versioned) => versionOf(a) - versionOf(b))
    const {text} = await api().ask('GET', `${blocks}?watch=1&timeoutSeconds=1&resourceVersion=${versionOf(second)}`)
    const events = text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
    expect(events.map(({type, object}) => `${type} ${nameOf(object)}`)).toEqual(later.map((block: Versioned) => `ADDED ${nameOf(block)}`))
  })
  test('anything but 0 and false asks for a watch', async () => {
    for (const value of ['', '1', 'yes'])
      expect((await api().ask('GET', `/api/v1/namespaces?watch=${value}&timeoutSeconds=1`)).text).toMatch(/^\{"type":"ADDED"/)
    for (const value of ['0', 'False']) expect(await api().must('GET', `/api/v1/namespaces?watch=${value}`)).toMatchObject({kind: 'NamespaceList'})
  })
  test('what is wrong with it is said before it begins', async () => {
    expect(await failure(api(), '/api/v1/nodes?watch=1&labelSelector=a%20in%20(b')).toMatchObject({status: 400, reason: 'BadRequest'})
    expect(await failure(api(), '/api/v1/nodes?watch=1&resourceVersion=abc')).toEqual({
      status: 500,
      message: 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    })
  })
}
type Versioned = {readonly metadata: {readonly name: string; readonly resourceVersion: string}}
