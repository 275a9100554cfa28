import {mkdirSync, writeFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {ConnectOptions} from '../../src/cluster/connect-options.ts'
import {hasKubeconfig} from '../../src/cluster/kubeconfig-paths.ts'
import {chooseTarget} from '../../src/cluster/target.ts'
import {SourceError} from '../../src/engine/errors.ts'
import {base64, kubeconfigFile, writeConfig} from '../helpers/kubeconfig.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const signal = new AbortController().signal
const choose = (options: Partial<ConnectOptions>) => chooseTarget({signal, env: {}, ...options})
const said = (options: Partial<ConnectOptions>) =>
  choose(options).then(
    () => 'chosen',
    (error: unknown) => (error instanceof SourceError ? `${error.message} → ${error.next}` : Promise.reject(error)),
  )
const server = 'https://10.0.0.1:6443'

test('takes the current context, its cluster and its user', async () => {
  const target = await choose({kubeconfig: kubeconfigFile({server, user: {token: 'secret'}})})
  expect(target).toMatchObject({context: 'lab', cluster: {name: 'lab-cluster', insecure: false, compress: true}, user: {name: 'lab-user', token: 'secret'}})
  expect(target.server.href).toBe(`${server}/`)
})

test('merges $KUBECONFIG: the first file that has a name wins, and missing files are skipped', async () => {
  const first = writeConfig({
    contexts: [{name: 'a', context: {cluster: 'shared', user: 'u'}}],
    clusters: [{name: 'shared', cluster: {server: 'https://first'}}],
  })
  const second = writeConfig({
    'current-context': 'a',
    clusters: [{name: 'shared', cluster: {server: 'https://second'}}],
    users: [{name: 'u', user: {token: 't'}}],
  })
  const target = await choose({env: {KUBECONFIG: [first, '/no/such/file', '', second].join(delimiter)}})
  expect(target).toMatchObject({context: 'a', user: {token: 't'}})
  expect(target.server.host).toBe('first')
})

test('falls back to ~/.kube/config', async () => {
  const home = tempFolder()
  mkdirSync(join(home, '.kube'))
  kubeconfigFile({server}, join(home, '.kube'))
  expect((await choose({env: {HOME: home}})).context).toBe('lab')
  expect(hasKubeconfig({HOME: home})).toBe(true)
  expect(hasKubeconfig({HOME: tempFolder()})).toBe(false)
})

test("falls back to the pod's own service account", async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'token'), 'abc\n')
  const target = await choose({env: {HOME: tempFolder(), KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443'}, serviceAccount: folder})
  expect(target.server.href).toBe('https://[fd00::1]/')
  expect(target).toMatchObject({context: 'in-cluster', cluster: {ca: {file: join(folder, 'ca.crt')}}, user: {tokenFile: join(folder, 'token')}})
})

test('relative paths are relative to the kubeconfig, and data beats a file', async () => {
  const folder = tempFolder()
  const kubeconfig = kubeconfigFile(
    {
      server,
      cluster: {'certificate-authority': 'ca.pem'},
      user: {'client-certificate': 'me.pem', 'client-key': 'me.key', 'client-key-data': base64('KEY'), tokenFile: 'token', exec: {command: './plugin'}},
    },
    folder,
  )
  expect(await choose({kubeconfig})).toMatchObject({
    cluster: {ca: {file: join(folder, 'ca.pem')}},
    user: {certificate: {file: join(folder, 'me.pem')}, key: {text: 'KEY'}, tokenFile: join(folder, 'token'), body: {exec: {command: join(folder, 'plugin')}}},
  })
})

test("flags are laid over the context, as kubectl's", async () => {
  const kubeconfig = kubeconfigFile({server, user: {username: 'me', password: 'p', as: 'someone'}})
  const target = await choose({
    kubeconfig,
    server: 'http://127.0.0.1:8001',
    token: 't',
    as: 'jane',
    asGroups: ['a', 'b'],
    tlsServerName: 'kubernetes',
    insecureSkipTlsVerify: true,
  })
  expect(target.server.href).toBe('http://127.0.0.1:8001/')
  expect(target).toMatchObject({cluster: {serverName: 'kubernetes', insecure: true}, user: {token: 't', as: 'jane', asGroups: ['a', 'b']}})
  expect(target.user).not.toHaveProperty('basic')
})

test('a server alone is enough', async () => {
  expect((await choose({env: {HOME: tempFolder()}, server: '10.0.0.9:6443'})).server.href).toBe('https://10.0.0.9:6443/')
})

test('reads YAML as people write it', async () => {
  const yaml = `
apiVersion: v1
kind: Config
current-context: "käse"
contexts:
- {name: käse, context: {cluster: '1'}}
- name: käse
  context: {cluster: other}
clusters:
- name: 1
  cluster:
    server: https://10.0.0.1:6443/
    insecure-skip-tls-verify: true
users:
- just text
`
  expect(await choose({kubeconfig: writeConfig(yaml)})).toMatchObject({context: 'käse', cluster: {name: '1', insecure: true}, user: {name: ''}})
})

const two = {
  contexts: [
    {name: 'prod', context: {cluster: 'c', user: 'u'}},
    {name: 'stage', context: {cluster: 'cc', user: 'uu'}},
    {name: 'bare', context: {}},
  ],
  clusters: [
    {name: 'c', cluster: {server}},
    {name: 'empty', cluster: {}},
  ],
  users: [{name: 'u', user: {}}],
}
test.each<[string, () => Partial<ConnectOptions>, RegExp]>([
  ['a missing file', () => ({kubeconfig: '/no/such/config'}), /^The kubeconfig \/no\/such\/config cannot be read: no such file\. → Check --kubeconfig/],
  ['a folder', () => ({kubeconfig: '/tmp'}), /^The kubeconfig \/tmp cannot be read: it is a folder\./],
  ['broken YAML', () => ({kubeconfig: writeConfig('a: [1\nb: 2')}), /is not valid YAML: line 2, column 1: deficient indentation\. → kubectl config view/],
  ['something else', () => ({kubeconfig: writeConfig('- just\n- a list')}), /is not a kubeconfig/],
  ['an empty file', () => ({kubeconfig: writeConfig('\n')}), /names no cluster\. → .*calico-doctor demo/],
  ['no kubeconfig at all', () => ({env: {HOME: '/nowhere'}}), /^There is no kubeconfig: \/nowhere\/\.kube\/config does not exist, and this is no pod/],
  [
    'no current context',
    () => ({kubeconfig: writeConfig(two)}),
    /^No context is chosen: .* has no current-context\. → Choose one with --context: "prod", "stage", "bare"\./,
  ],
  [
    'a current context that is gone',
    () => ({kubeconfig: writeConfig({...two, 'current-context': 'old'})}),
    /^The current-context "old" of .* does not exist there\. → Choose one with/,
  ],
  ['an unknown context', () => ({kubeconfig: writeConfig(two), context: 'prdo'}), /^There is no context "prdo" in .*\. → Did you mean "prod"\?$/],
  ['an unknown context like no other', () => ({kubeconfig: writeConfig(two), context: 'xxxxxxxxxxxxxxxx'}), /→ kubectl config get-contexts lists them\.$/],
  [
    'a context without its cluster',
    () => ({kubeconfig: writeConfig(two), context: 'stage'}),
    /^Context "stage" names cluster "cc", which is not in .*\. → Did you mean "c"\?/,
  ],
  [
    'a context without its user',
    () => ({kubeconfig: writeConfig(two), context: 'stage', clusterName: 'c'}),
    /^Context "stage" names user "uu", which is not in/,
  ],
  ['a context that names nothing', () => ({kubeconfig: writeConfig(two), context: 'bare'}), /^Context "bare" in .* names no cluster/],
  [
    'an unknown --cluster',
    () => ({kubeconfig: writeConfig(two), context: 'prod', clusterName: 'zzzzzz'}),
    /^There is no cluster "zzzzzz" in .*\. → kubectl config get-clusters/,
  ],
  ['a cluster without server', () => ({kubeconfig: writeConfig(two), context: 'prod', clusterName: 'empty'}), /^Cluster "empty" in .* has no server/],
  [
    'a server that is no URL',
    () => ({kubeconfig: writeConfig(two), context: 'prod', server: 'ftp://x'}),
    /^The server address "ftp:\/\/x" is no http or https URL/,
  ],
  ['a name that is no text', () => ({kubeconfig: writeConfig({contexts: [{name: {toString: 0}}, {name: 'a'}]}), context: 'b'}), /^There is no context "b" in /],
  ['a hostile name', () => ({kubeconfig: writeConfig(two), context: '\u001b[31m\nx'}), /^There is no context "\\u001b\[31m\\nx" in/],
])('%s is one sentence and the next step', async (_name, options, sentence) => {
  expect(await said(options())).toMatch(sentence)
})

test('whatever stands in a kubeconfig, it is a target or one sentence', async () => {
  const folder = tempFolder()
  const anything = fc.jsonValue({maxDepth: 2})
  const part = (name: string) => fc.oneof(anything, fc.array(fc.record({name: fc.oneof(fc.constant('a'), anything), [name]: anything})))
  const exec = fc.record({exec: fc.oneof(anything, fc.record({command: anything, env: anything, args: anything})), 'as-user-extra': anything, token: anything})
  const user = fc.oneof(part('user'), fc.array(fc.record({name: fc.constant('a'), user: exec})))
  const cluster = fc.oneof(part('cluster'), fc.constant([{name: 'a', cluster: {server: 'https://x', extensions: 1}}]))
  const context = fc.oneof(part('context'), fc.constant([{name: 'a', context: {cluster: 'a', user: 'a'}}]))
  const config = fc.record({'current-context': fc.oneof(fc.constant('a'), anything), contexts: context, clusters: cluster, users: user})
  await fc.assert(
    fc.asyncProperty(fc.oneof(config, anything), async value => {
      expect(typeof (await said({kubeconfig: writeConfig(value, folder)}))).toBe('string')
    }),
    {numRuns: 300},
  )
})
