import {expect} from 'vitest'
import {podDoor} from '../../src/cluster/pod-door.ts'
import type {Cluster, Probe} from '../../src/engine/collector.ts'
import {connected, refusal} from '../helpers/connections.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {type Identity, kubeconfigOf} from './api.ts'
import type {Contract} from './contract.ts'

/** What the product makes of what both clusters say. */
export function doorContract({test, api, state, subject}: Contract): void {
  const door = async (identity: Identity = api().identity) => (await connected({kubeconfig: writeConfig(kubeconfigOf(identity))})).cluster
  const list = async (group: string, version: string, resource: string, namespace?: string) =>
    (await door()).list({group, version, resource, ...(namespace !== undefined && {namespace})}, {project: item => item})

  test.each([
    ['nowhere.io', 'v1', 'things', undefined, '404 page not found'],
    ['crd.projectcalico.org', 'v1', 'nothings', undefined, '404 page not found'],
    ['crd.projectcalico.org', 'v1', 'ippools', 'default', '404 page not found'],
    ['apps', 'v9', 'deployments', undefined, '404 the server could not find the requested resource'],
  ])('%s/%s %s of %s is absent', async (group, version, resource, namespace, words) => {
    expect(await list(group, version, resource, namespace)).toMatchObject({
      known: false,
      why: 'absent',
      detail: expect.stringMatching(new RegExp(`: ${words}$`)),
    })
  })
  test('an empty list is empty, and one in a namespace that is not there is too', async () => {
    expect(await list('crd.projectcalico.org', 'v1', 'bgppeers')).toEqual({known: true, value: []})
    expect(await list('', 'v1', 'pods', 'nowhere')).toEqual({known: true, value: []})
  })

  test('who has no credentials is told so', async () => {
    const {url, ca} = api().identity
    expect(await refusal({kubeconfig: writeConfig(kubeconfigOf({url, ca}))})).toMatch(/wants credentials, and user "e2e" has none/)
    expect(await refusal({kubeconfig: writeConfig(kubeconfigOf({url, ca, token: 'wrong'}))})).toMatch(/refuses the credentials of user "e2e": 401 Unauthorized/)
  })
  test('who may not look is told what', async () => {
    const cluster = await door(await subject().addUser('blind', []))
    expect(await cluster.get('/metrics')).toMatchObject({known: false, why: 'forbidden', detail: expect.stringContaining('User "demo-blind" cannot get path')})
    expect(await cluster.get('/apis/nowhere.io/v1/things')).toMatchObject({known: false, why: 'forbidden'})
    expect(await cluster.can({verb: 'list', group: '', resource: 'nodes'})).toEqual({known: true, value: false})
  })

  const agents = state.objects.pods!.filter(({metadata: {labels}}) => labels?.['k8s-app'] === 'calico-node')
  const [agent, , , lost] = agents as [(typeof agents)[number], unknown, unknown, (typeof agents)[number]]
  const probes = new Map<string, Probe>([['osrelease', {tries: [['cat', '/proc/sys/kernel/osrelease']]}]])
  const asked = async ({metadata, spec}: typeof agent, more: object = {}, cluster?: Cluster) => {
    const node = (spec as {nodeName: string}).nodeName
    const target = {node, namespace: 'kube-system', pod: metadata.name, container: 'calico-node', ...more}
    const answers = await podDoor(cluster ?? (await door())).ask({name: node, target}, probes, {timeoutMs: 10_000, maxBytes: 1_000_000})
    return answers.get('osrelease')
  }
  test('a node answers', async () => {
    expect(await asked(agent)).toMatchObject({known: true, value: {exit: 0, stdout: '6.8.0-85-generic\n'}})
  })
  test('a container that has ended, and a pod that is gone, are no way to their node', async () => {
    const unreachable = (words: RegExp) => ({known: false, why: 'unreachable', detail: expect.stringMatching(words)})
    expect(await asked(agent, {container: 'install-cni'})).toMatchObject(unreachable(/: 500 container not found \("install-cni"\)$/))
    expect(await asked(agent, {container: 'other'})).toMatchObject(unreachable(/: 400 container other is not valid for pod /))
    expect(await asked(agent, {pod: 'nowhere'})).toMatchObject(unreachable(/: 404 pods "nowhere" not found$/))
  })
  test('no right to exec', async () => {
    const rule = (...verbs: string[]) => ({verbs, apiGroups: [''], resources: ['pods/exec'], namespaces: ['kube-system']})
    for (const [name, verbs, words] of [
      ['doorgets', ['get'], /: 403 pods ".*" is forbidden:$/],
      ['doormakes', ['create'], /: 403 pods ".*" is forbidden: User "demo-doormakes" cannot get resource "pods\/exec"/],
    ] as const)
      expect(await asked(agent, {}, await door(await subject().addUser(name, [rule(...verbs)])))).toMatchObject({
        known: false,
        why: 'forbidden',
        detail: expect.stringMatching(words),
      })
  })
  test('a kubelet that does not answer, whoever translates for it', async () => {
    const {nodeName} = lost.spec as {nodeName: string}
    const unreachable = {
      known: false,
      why: 'unreachable',
      detail: expect.stringMatching(/the API server cannot reach the kubelet: .*dial tcp .*: connection refused$/),
    }
    await subject().killKubelet(nodeName)
    expect(await asked(lost)).toMatchObject(unreachable)
    await subject().speakSpdy(nodeName)
    expect(await asked(lost)).toMatchObject(unreachable)
  })
}
