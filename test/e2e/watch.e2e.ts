import {setTimeout as sleep} from 'node:timers/promises'
import {afterAll, beforeAll, describe, expect, onTestFinished, test, vi} from 'vitest'
import {type FollowBounds, followList} from '../../src/cluster/followed-list.ts'
import {chooseTarget} from '../../src/cluster/target.ts'
import {openWire} from '../../src/cluster/wire.ts'
import type {ListOptions, Resource} from '../../src/engine/collector.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {type Identity, kubeconfigOf} from './api.ts'
import {calicoCrds, installCrds} from './calico-crds.ts'
import {startEmpty, whyNone} from './cluster.ts'
import type {ControlPlane} from './control-plane.ts'
import {accountWith, settled} from './proof-roles.ts'
import {compact} from './subjects.ts'
import {watchWayTo} from './watch-way.ts'

const pools: Resource = {group: 'crd.projectcalico.org', version: 'v1', resource: 'ippools'}
const maps: Resource = {group: '', version: 'v1', resource: 'configmaps', namespace: 'default'}
const poolsPath = '/apis/crd.projectcalico.org/v1/ippools'
const mapsPath = '/api/v1/namespaces/default/configmaps'
const named: ListOptions<string> = {project: ({metadata, spec, data}: any) => [metadata.name, spec?.cidr ?? data?.is].filter(Boolean).join(' ')}
const merge = 'application/merge-patch+json'
const soon = {timeout: 5_000, interval: 20}
const is = (...value: string[]) => ({known: true, value})

describe.skipIf(whyNone !== undefined)('lists that are followed', () => {
  let plane: ControlPlane
  beforeAll(async () => {
    plane = await startEmpty()
    await installCrds(
      plane.admin,
      calicoCrds({mode: 'crd-v1'}).filter(({metadata: {name}}) => name.startsWith('ippools.')),
    )
  })
  afterAll(() => plane?.close())

  async function follow(who: Identity, resource: Resource, options: ListOptions<string> = named, bounds: Partial<FollowBounds> = {}) {
    const end = new AbortController()
    const target = await chooseTarget({kubeconfig: writeConfig(kubeconfigOf(who)), signal: end.signal, env: {}})
    const wire = await openWire(target, {})
    onTestFinished(() => (end.abort(), wire.close()))
    return followList(wire, resource, options, {timeoutMs: 5_000, signal: end.signal, ...bounds})
  }
  /** Somebody of their own, so that the audit log tells their requests. */
  const somebody = (name: string) => plane.addUser(name, ['system:masters'])
  const askedBy = async (name: string) => (await plane.auditLog()).filter(({user}) => user === name)
  const verbsOf = async (name: string) => (await askedBy(name)).map(({verb, status}) => `${verb} ${status}`)
  const must: ControlPlane['admin']['must'] = (...asked) => plane.admin.must(...asked)
  const addPool = (name: string) => must('POST', poolsPath, {body: {...poolType, metadata: {name}, spec: {cidr: '10.0.0.0/16'}}})
  const setPool = (name: string, cidr: string) => must('PATCH', `${poolsPath}/${name}`, {type: merge, body: {spec: {cidr}}})
  const addMap = (name: string, labels: object = {}) => must('POST', mapsPath, {body: {metadata: {name, labels}, data: {is: 'new'}}})

  test('what is added, changed and deleted is so at once, of custom and of built-in resources, by one list and one watch', async () => {
    const list = await follow(await somebody('ann'), pools)
    expect(await list.current()).toEqual(is())
    await addPool('b')
    await addPool('a')
    await vi.waitFor(async () => expect(await list.current()).toEqual(is('a 10.0.0.0/16', 'b 10.0.0.0/16')), soon)
    await setPool('b', '10.9.0.0/16')
    await must('DELETE', `${poolsPath}/a`)
    await vi.waitFor(async () => expect(await list.current()).toEqual(is('b 10.9.0.0/16')), soon)
    expect(await verbsOf('ann')).toEqual(['list 200', 'watch 200'])
  })

  test('what a selector no longer chooses is gone', async () => {
    const list = await follow(await somebody('ben'), maps, {...named, labelSelector: 'of=calico'})
    await addMap('one', {of: 'calico'})
    await addMap('other')
    expect(await list.current()).toEqual(is('one new'))
    await must('PATCH', `${mapsPath}/other`, {type: merge, body: {metadata: {labels: {of: 'calico'}}}})
    await must('PATCH', `${mapsPath}/one`, {type: merge, body: {metadata: {labels: null}}})
    await vi.waitFor(async () => expect(await list.current()).toEqual(is('other new')), soon)
  })

  test('a watch whose time is over goes on from its bookmark, without a list', async () => {
    const list = await follow(await somebody('cid'), pools, named, {watchSeconds: 4})
    await list.current()
    // The versions of all resources count from one clock: others move it on, and who lists anew makes the server look at it.
    for (let index = 0; index < 3; index++) await addMap(`tick-${index}`)
    await must('GET', poolsPath)
    await vi.waitFor(async () => expect((await askedBy('cid')).length).toBeGreaterThan(2), {timeout: 12_000, interval: 200})
    const versions = (await askedBy('cid'))
      .filter(({verb}) => verb === 'watch')
      .map(({uri}) => Number(new URLSearchParams(uri.split('?')[1]).get('resourceVersion')))
    expect(versions[1]).toBeGreaterThan(versions[0]!)
    await setPool('b', '10.8.0.0/16')
    await vi.waitFor(async () => expect(await list.current()).toEqual(is('b 10.8.0.0/16')), soon)
    expect((await verbsOf('cid')).filter(verb => verb.startsWith('list'))).toHaveLength(1)
  })

  test('without the right to watch the list counts for a while, and the refusal is met once', async () => {
    const rules = [{apiGroups: [pools.group], resources: ['ippools'], verbs: ['list']}]
    const account = await accountWith(plane, 'lister', [{kind: 'ClusterRole', metadata: {name: 'lister'}, rules}])
    await settled()
    const list = await follow(account, pools)
    for (let look = 0; look < 3; look++) {
      expect(await list.current()).toEqual(is('b 10.8.0.0/16'))
      await sleep(100)
    }
    await vi.waitFor(async () => expect(await verbsOf('system:serviceaccount:default:lister')).toEqual(['list 200', 'watch 403']), soon)
    const blind = await follow(await plane.addUser('blind'), pools)
    expect(await blind.current()).toMatchObject({known: false, why: 'forbidden', detail: expect.stringContaining('cannot list resource "ippools"')})
  })

  test('credentials that end while it watches: what was seen counts no more', async () => {
    const {url, ca} = plane
    const client = await plane.issue({name: 'dan', organisations: ['system:masters'], notAfter: new Date(Date.now() + 5_000)})
    const list = await follow({url, ca, client}, pools, named, {watchSeconds: 1})
    expect(await list.current()).toEqual(is('b 10.8.0.0/16'))
    const detail = expect.stringMatching(/401 Unauthorized \(the credentials were good at the start/)
    await vi.waitFor(async () => expect(await list.current()).toMatchObject({known: false, why: 'forbidden', detail}), {timeout: 12_000, interval: 100})
  })

  test('an API server that is killed is unreachable; back on its port it is followed again', async () => {
    const list = await follow(await somebody('eva'), pools, named, {timeoutMs: 2_000})
    await list.current()
    await plane.apiServer.kill()
    await vi.waitFor(async () => expect(await list.current()).toMatchObject({known: false, why: 'unreachable'}), soon)
    await plane.apiServer.start()
    await vi.waitFor(async () => expect(await list.current()).toEqual(is('b 10.8.0.0/16')), {timeout: 20_000, interval: 200})
    await setPool('b', '10.7.0.0/16')
    await vi.waitFor(async () => expect(await list.current()).toEqual(is('b 10.7.0.0/16')), soon)
  })

  test('a version that was forgotten meanwhile (compaction, and another API server): the list is read anew', async () => {
    const way = await watchWayTo(plane.url)
    onTestFinished(way.close)
    const list = await follow({...(await somebody('fay')), url: way.url}, pools, named, {timeoutMs: 30_000})
    await list.current()
    await vi.waitFor(async () => expect(await verbsOf('fay')).toContain('watch 200'), soon)
    // One that ends sooner is not gone on with.
    await sleep(1_100)
    way.shut()
    await must('DELETE', `${poolsPath}/b`)
    await addPool('c')
    await compact(plane)
    await plane.apiServer.kill()
    await plane.apiServer.start()
    way.open()
    await vi.waitFor(async () => expect(await list.current()).toEqual(is('c 10.0.0.0/16')), soon)
    const asked = async () => (await askedBy('fay')).map(({verb}) => verb)
    await vi.waitFor(async () => expect(await asked()).toEqual(['list', 'watch', 'watch', 'list', 'watch']), soon)
  })
})

const poolType = {apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool'}
