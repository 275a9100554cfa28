import {expect} from 'vitest'
import {apiFor} from './api.ts'
import {type Contract, failure, pools} from './contract.ts'

export function refusalContract({test, differs, api, subject}: Contract): void {
  test.each([
    ['/api/v1/nodes/nowhere', 'nodes "nowhere" not found', {name: 'nowhere', kind: 'nodes'}],
    [`${pools}/none`, 'ippools.crd.projectcalico.org "none" not found', {name: 'none', group: 'crd.projectcalico.org', kind: 'ippools'}],
    ['/apis/apps/v1/namespaces/kube-system/deployments/none', 'deployments.apps "none" not found', {name: 'none', group: 'apps', kind: 'deployments'}],
    ['/api/v1/nothings', 'the server could not find the requested resource', {}],
  ])('%s is not found', async (path, message, details) => {
    expect(await failure(api(), path)).toEqual({status: 404, reason: 'NotFound', message, details})
  })
  differs('a group, or a custom resource, that is not served is not found in plain words', async () => {
    for (const path of [
      '/apis/nowhere.io/v1/things',
      '/apis/nowhere.io/v1',
      '/apis/crd.projectcalico.org/v1/nothings',
      `/apis/crd.projectcalico.org/v1/namespaces/default/ippools`,
    ]) {
      const {status, text, headers} = await api().ask('GET', path)
      expect([path, status, text, headers['content-type']]).toEqual([path, 404, '404 page not found\n', 'text/plain; charset=utf-8'])
    }
  })

  test('nobody by this token, or no longer', async () => {
    const {token: _token, client: _client, ...server} = api().identity
    for (const identity of [{...server, token: 'wrong'}, await subject().expired()]) {
      const stranger = apiFor(identity)
      expect(await failure(stranger, '/api/v1/nodes')).toMatchObject({status: 401, reason: 'Unauthorized', message: 'Unauthorized'})
      stranger.close()
    }
  })
  differs('nobody at all may look at little', async () => {
    const {url, ca} = api().identity
    const nobody = apiFor({url, ca})
    expect(await failure(nobody, '/api/v1/nodes')).toMatchObject({
      status: 403,
      message: expect.stringContaining('User "system:anonymous" cannot list resource "nodes"'),
    })
    expect((await nobody.ask('GET', '/version')).status).toBe(200)
    nobody.close()
  })

  test('a user without rights is told what, of which group, and where; discovery is open', async () => {
    const none = apiFor(await subject().addUser('none', []))
    const forbidden = (what: string, verb: string, resource: string, group: string, where: string) =>
      `${what} is forbidden: User "demo-none" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`
    const cases = [
      ['/api/v1/nodes', forbidden('nodes', 'list', 'nodes', '', 'at the cluster scope')],
      ['/api/v1/nodes/control-1', forbidden('nodes "control-1"', 'get', 'nodes', '', 'at the cluster scope')],
      [pools, forbidden('ippools.crd.projectcalico.org', 'list', 'ippools', 'crd.projectcalico.org', 'at the cluster scope')],
      ['/api/v1/namespaces/kube-system/pods', forbidden('pods', 'list', 'pods', '', 'in the namespace "kube-system"')],
      ['/api/v1/pods?watch=true', forbidden('pods', 'watch', 'pods', '', 'at the cluster scope')],
      // Rights come before existence: who may not look is not told that it is not there.
      ['/apis/nowhere.io/v1/things', forbidden('things.nowhere.io', 'list', 'things', 'nowhere.io', 'at the cluster scope')],
    ] as const
    for (const [path, message] of cases) expect(await failure(none, path)).toMatchObject({status: 403, reason: 'Forbidden', message})
    for (const path of ['/version', '/api', '/apis', '/apis/crd.projectcalico.org/v1', '/healthz']) expect((await none.ask('GET', path)).status).toBe(200)
    none.close()
  })
  differs('paths that are no resource need a right too', async () => {
    const none = apiFor(await subject().addUser('nobody', []))
    expect(await failure(none, '/metrics')).toMatchObject({status: 403, message: 'forbidden: User "demo-nobody" cannot get path "/metrics"'})
    none.close()
  })

  test('everybody may ask what they may', async () => {
    const rule = {verbs: ['get'], apiGroups: [''], resources: ['pods/exec'], namespaces: ['kube-system']}
    const user = apiFor(await subject().addUser('asking', [rule]))
    const may = async (attributes: object) => {
      const body = {kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: {resourceAttributes: attributes}}
      const {status, json} = await user.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {body})
      expect(status).toBe(201)
      return json().status.allowed
    }
    const exec = {verb: 'get', group: '', resource: 'pods', subresource: 'exec', namespace: 'kube-system'}
    expect(await may(exec)).toBe(true)
    expect(await may({...exec, verb: 'create'})).toBe(false)
    expect(await may({...exec, namespace: 'default'})).toBe(false)
    expect(await may({...exec, subresource: ''})).toBe(false)
    user.close()
  })
}
