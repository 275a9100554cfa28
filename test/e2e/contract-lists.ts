import {expect} from 'vitest'
import type {ClusterState} from '../../src/demo/cluster-state.ts'
import {type Contract, failure, nameOf, pools} from './contract.ts'

export function listContract({test, differs, api, state}: Contract): void {
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

  differs('a limit below zero is none; a resourceVersion that is no number is refused', async () => {
    expect((await api().must('GET', '/api/v1/pods?limit=-1')).items).toHaveLength(pods.length)
    expect((await api().ask('GET', '/api/v1/pods?resourceVersion=abc')).status).toBe(400)
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

  test('more than 128 KiB come compressed to those who like that', async () => {
    const answer = await api().open('/api/v1/pods', {'Accept-Encoding': 'gzip'})
    expect(answer.headers['content-encoding']).toBe('gzip')
    answer.destroy()
  })
}
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
}
