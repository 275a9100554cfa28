import {existsSync, readFileSync, renameSync, writeFileSync} from 'node:fs'
import type {IncomingMessage, RequestListener} from 'node:http'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {apiServer, type SecureServer, startHttps, version} from '../helpers/api-server.ts'
import {newAuthority} from '../helpers/authority.ts'
import {connected, refusal} from '../helpers/connections.ts'
import {base64, kubeconfigFile} from '../helpers/kubeconfig.ts'
import {tempFolder, tempScript} from '../helpers/temp-folder.ts'

const trusting = ({url, authority}: SecureServer, user: object, cluster: object = {}, folder?: string) =>
  kubeconfigFile({server: url, cluster: {'certificate-authority-data': base64(authority.ca), ...cluster}, user: {...user}}, folder)
const exec = (command: string, more: object = {}) => ({exec: {apiVersion: 'client.authentication.k8s.io/v1', command, ...more}})
const credential = (status: object) => JSON.stringify({kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status})
const bearer = ({headers}: IncomingMessage) => headers.authorization
/** Lets nobody in but who has this token. */
const only =
  (token: () => string): RequestListener =>
  (request, response) => {
    if (bearer(request) !== `Bearer ${token()}`) response.writeHead(401)
    response.end(version)
  }
/** A plugin that counts its runs in a file and gives the token that another file holds. */
function countingPlugin(first: string) {
  const folder = tempFolder()
  const [runs, token] = [join(folder, 'runs'), join(folder, 'token')]
  writeFileSync(token, first)
  const command = tempScript('plugin', `echo x >> ${runs}\nsleep 0.1\nprintf '${credential({token: '%s'})}' "$(cat ${token})"`, folder)
  return {
    command,
    runs: () => (existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n').length : 0),
    give: (next: string) => writeFileSync(token, next),
  }
}

test('a plugin runs once for parallel calls', async () => {
  const plugin = countingPlugin('one')
  const server = await startHttps(only(() => 'one'))
  const {cluster} = await connected({kubeconfig: trusting(server, exec(plugin.command))})
  const answers = await Promise.all(Array.from({length: 10}, () => cluster.get('/version')))
  expect(answers.every(({known}) => known)).toBe(true)
  expect(plugin.runs()).toBe(1)
})

test('a plugin runs again when its token is refused', async () => {
  let valid = 'one'
  const plugin = countingPlugin('one')
  const server = await startHttps(only(() => valid))
  const {cluster} = await connected({kubeconfig: trusting(server, exec(plugin.command))})
  valid = 'two'
  plugin.give('two')
  expect(await cluster.get('/version')).toMatchObject({known: true})
  expect(plugin.runs()).toBe(2)
  valid = 'three'
  expect(await cluster.get('/version')).toMatchObject({known: false, why: 'forbidden'})
})

test('a plugin runs again when its token has expired', async () => {
  const folder = tempFolder()
  const expired = credential({token: 't', expirationTimestamp: '2020-01-01T00:00:00Z'})
  const command = tempScript('plugin', `echo x >> ${folder}/runs; echo '${expired}'`, folder)
  const {cluster} = await connected({kubeconfig: trusting(await startHttps(apiServer()), exec(command))})
  await cluster.get('/version')
  expect(readFileSync(join(folder, 'runs'), 'utf8').length).toBeGreaterThanOrEqual(4)
})

test('a plugin gets its arguments, its environment and the cluster', async () => {
  const folder = tempFolder()
  tempScript(
    'plugin',
    `printf '%s|' "$@" "$EXTRA" > ${folder}/args; printf %s "$KUBERNETES_EXEC_INFO" > ${folder}/info; echo '${credential({token: 't'})}'`,
    folder,
  )
  const user = exec('./plugin', {args: ['get', 'a token'], env: [{name: 'EXTRA', value: '1'}], provideClusterInfo: true})
  const server = await startHttps(apiServer())
  const extensions = [{name: 'client.authentication.k8s.io/exec', extension: {audience: 'lab'}}]
  await connected({kubeconfig: trusting(server, user, {extensions}, folder)})
  expect(readFileSync(join(folder, 'args'), 'utf8')).toBe('get|a token|1|')
  expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toEqual({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: {cluster: {server: server.url, 'certificate-authority-data': base64(server.authority.ca), config: {audience: 'lab'}}, interactive: false},
  })
})

test('a plugin that gives a client certificate', async () => {
  const authority = await newAuthority()
  const me = await authority.issue('CN=me', {names: []})
  const folder = tempFolder()
  writeFileSync(join(folder, 'answer'), credential({clientCertificateData: me.certificate, clientKeyData: me.key}))
  const server = await startHttps(apiServer(), {authority, requestCert: true, rejectUnauthorized: true, ca: authority.ca})
  await connected({kubeconfig: trusting(server, exec(tempScript('plugin', `cat ${folder}/answer`)))})
})

test('empty exec and auth-provider are none', async () => {
  const server = await startHttps(apiServer())
  await connected({kubeconfig: trusting(server, {exec: null, 'auth-provider': null})})
  expect(bearer(server.requests[0]!)).toBeUndefined()
})

test('a token beats a plugin', async () => {
  const server = await startHttps(apiServer())
  await connected({kubeconfig: trusting(server, {token: 'mine', ...exec('/no/such/plugin')})})
  expect(bearer(server.requests[0]!)).toBe('Bearer mine')
})

test.each<[string, () => object, RegExp]>([
  [
    'fails',
    () => exec(tempScript('plugin', 'echo "session expired" >&2; echo "run: login" >&2; exit 1')),
    /^The credential plugin ".*plugin" failed: session expired \| run: login → Run kubectl get --raw \/version/,
  ],
  [
    'is not there',
    () => exec('no-such-plugin', {installHint: 'Get it from the shop.'}),
    /^The credential plugin "no-such-plugin" of user "lab-user" cannot be started: no such file\. → Get it from the shop\./,
  ],
  ['is no program', () => exec('/etc/passwd'), /cannot be started: permission denied\. → Install it/],
  ['prints nonsense', () => exec(tempScript('plugin', 'echo hello')), /failed: it printed no ExecCredential/],
  ['prints no credential', () => exec(tempScript('plugin', 'echo {}')), /failed: it printed no ExecCredential/],
  ['wants a terminal', () => exec('sh', {interactiveMode: 'Always'}), /wants a terminal \(interactiveMode: Always\)/],
  ['waits for input', () => exec(tempScript('plugin', 'cat; echo "no input" >&2; exit 2')), /failed: no input/],
])('a plugin that %s', async (_name, user, sentence) => {
  expect(await refusal({kubeconfig: trusting(await startHttps(apiServer()), user())})).toMatch(sentence)
})

test('an auth provider of old, and one that is not known', async () => {
  const server = await startHttps(apiServer())
  const gcp = {'auth-provider': {name: 'gcp', config: {'access-token': 'old', expiry: '2999-01-01T00:00:00Z'}}}
  await connected({kubeconfig: trusting(server, gcp)})
  expect(bearer(server.requests[0]!)).toBe('Bearer old')
  expect(await refusal({kubeconfig: trusting(server, {'auth-provider': {name: 'openstack'}})})).toMatch(/auth provider "openstack", which is not known here/)
})

test('OpenID Connect: the id token while it is valid', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const idToken = `${part({alg: 'none'})}.${part({exp: 32_503_680_000})}.x`
  const server = await startHttps(apiServer())
  await connected({kubeconfig: trusting(server, {'auth-provider': {name: 'oidc', config: {'id-token': idToken}}})})
  expect(bearer(server.requests[0]!)).toBe(`Bearer ${idToken}`)
})

test('a token file is read again when its token is refused', async () => {
  const folder = tempFolder()
  const file = join(folder, 'token')
  let valid = 'one'
  writeFileSync(file, 'one\n')
  const server = await startHttps(only(() => valid))
  const {cluster} = await connected({kubeconfig: trusting(server, {tokenFile: 'token', token: 'stale'}, {}, folder)})
  valid = 'two'
  writeFileSync(`${file}.new`, 'two\n')
  renameSync(`${file}.new`, file)
  expect(await cluster.get('/version')).toMatchObject({known: true})
  expect(server.requests.map(bearer)).toEqual(['Bearer one', 'Bearer one', 'Bearer two'])
})

test('groups without a user are not silently left out', async () => {
  const server = await startHttps(apiServer())
  expect(await refusal({kubeconfig: trusting(server, {token: 't', 'as-groups': ['a']})})).toMatch(
    /^Groups, a uid or extra are to be impersonated, but no user\. → Give --as too/,
  )
})
