import {expect} from 'vitest'
import {apiFor} from './api.ts'
import {type Contract, failure, pools} from './contract.ts'

export function refusalContract({test, api, subject}: Contract): void {
  test.each<[path: string, message: string, details: object]>([
    ['/api/v1/nodes/nowhere', 'nodes "nowhere" not found', {name: 'nowhere', kind: 'nodes'}],
    [`${pools}/none`, 'ippools.crd.projectcalico.org "none" not found', {name: 'none', group: 'crd.projectcalico.org', kind: 'ippools'}],
    ['/apis/apps/v1/namespaces/kube-system/deployments/none', 'deployments.apps "none" not found', {name: 'none', group: 'apps', kind: 'deployments'}],
    // A built-in group answers for itself, whatever is wrong: resource, version, or a scope that the resource does not have.
    ...['/api/v1/nothings', '/api/v2', '/api/v1/pods/none', '/api/v1/namespaces/default/nodes', '/apis/apps/v9', '/apis/apps/v9/deployments'].map(
      (path): [string, string, object] => [path, 'the server could not find the requested resource', {}],
    ),
    [
      `${pools}/default-ipv4-ippool/nothing`,
      'ippools.crd.projectcalico.org "default-ipv4-ippool" not found',
      {
        name: 'default-ipv4-ippool',
        group: 'crd.projectcalico.org',
        kind: 'ippools',
      },
    ],
  ])('%s is not found', async (path, message, details) => {
    expect(await failure(api(), path)).toEqual({status: 404, reason: 'NotFound', message, details})
  })
  test('a group, or a custom resource, that is not served is not found in plain words', async () => {
    for (const path of [
      '/apis/nowhere.io/v1/things',
      '/apis/nowhere.io/v1',
      '/apis/crd.projectcalico.org/v1/nothings',
      '/apis/crd.projectcalico.org/v9',
      '/apis/crd.projectcalico.org/v1/nothings/none',
      '/apis/crd.projectcalico.org/v1/namespaces/default/ippools',
      '/nothing',
      '/healthz/nothing',
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
  test('nobody at all may look at little', async () => {
    const {url, ca} = api().identity
    const nobody = apiFor({url, ca})
    expect(await failure(nobody, '/api/v1/nodes')).toMatchObject({
      status: 403,
      message: expect.stringContaining('User "system:anonymous" cannot list resource "nodes"'),
    })
    for (const path of ['/version', '/healthz', '/livez', '/readyz']) expect((await nobody.ask('GET', path)).status).toBe(200)
    for (const path of ['/api', '/apis', '/apis/apps/v1', '/metrics', '/healthz/etcd'])
      expect(await failure(nobody, path)).toEqual({
        status: 403,
        reason: 'Forbidden',
        message: `forbidden: User "system:anonymous" cannot get path "${path}"`,
        details: {},
      })
    const {status, json} = await nobody.ask('POST', reviews, {body: reviewOf({verb: 'list', resource: 'nodes'})})
    expect([status, json().message]).toEqual([403, expect.stringContaining('User "system:anonymous" cannot create resource "selfsubjectaccessreviews"')])
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
  test('paths that are no resource need a right too', async () => {
    const none = apiFor(await subject().addUser('nobody', []))
    expect(await failure(none, '/metrics')).toMatchObject({status: 403, message: 'forbidden: User "demo-nobody" cannot get path "/metrics"'})
    expect((await none.ask('POST', '/version')).json().message).toBe('forbidden: User "demo-nobody" cannot post path "/version"')
    none.close()
    const some = apiFor(await subject().addUser('some', [{verbs: ['get'], nonResourceURLs: ['/nothing', '/nowhere/*']}]))
    for (const path of ['/nothing', '/nowhere/x']) expect(await some.ask('GET', path)).toMatchObject({status: 404, text: '404 page not found\n'})
    expect((await some.ask('GET', '/nowhere')).status).toBe(403)
    some.close()
  })

  test('everybody may ask what they may', async () => {
    const rule = {verbs: ['get'], apiGroups: [''], resources: ['pods/exec'], namespaces: ['kube-system']}
    const user = apiFor(await subject().addUser('asking', [rule]))
    const may = async (attributes: object) => {
      const {status, json} = await user.ask('POST', reviews, {body: reviewOf(attributes)})
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

  test.each<[string, unknown, number, string, RegExp]>([
    [
      'empty',
      {},
      422,
      'Invalid',
      /spec\.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified/,
    ],
    ['of nothing', reviewOf(undefined), 422, 'Invalid', /exactly one of/],
    [
      'of two things',
      {spec: {resourceAttributes: {}, nonResourceAttributes: {}}},
      422,
      'Invalid',
      /cannot be specified in combination with resourceAttributes/,
    ],
    ['a list', [], 400, 'BadRequest', /must be of type SelfSubjectAccessReview/],
    ['a number for a verb', reviewOf({verb: 1}), 400, 'BadRequest', /json: cannot unmarshal number/],
    ['text for a spec', {spec: 'x'}, 400, 'BadRequest', /json: cannot unmarshal string/],
    ['another kind', {kind: 'Pod', apiVersion: 'v1'}, 400, 'BadRequest', /^Pod in version "v1" cannot be handled as a SelfSubjectAccessReview/],
  ])('a review that is none: %s', async (_name, body, code, reason, message) => {
    const {status, json} = await api().ask('POST', reviews, {body})
    expect([status, json()]).toMatchObject([code, {code, reason, message: expect.stringMatching(message)}])
  })
  test('a review can be made, and not looked at', async () => {
    const {status, json} = await api().ask('POST', reviews, {body: {spec: {nonResourceAttributes: {verb: 'get', path: '/metrics'}}}})
    expect([status, json().status.allowed]).toEqual([201, true])
    expect(await failure(api(), reviews)).toMatchObject({status: 405, reason: 'MethodNotAllowed'})
    expect(await failure(api(), `${reviews}/none`)).toMatchObject({status: 404, message: 'the server could not find the requested resource'})
  })
}

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
const reviewOf = (resourceAttributes: unknown) => ({kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: {resourceAttributes}})
