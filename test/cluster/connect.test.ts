import type {TLSSocket} from 'node:tls'
import {expect, test} from 'vitest'
import {type ApiServer, apiServer, type SecureServer, startHttp, startHttps} from '../helpers/api-server.ts'
import {newAuthority} from '../helpers/authority.ts'
import {connected, refusal} from '../helpers/connections.ts'
import {base64, kubeconfigFile} from '../helpers/kubeconfig.ts'

const trusting = ({url, authority}: SecureServer, user: object = {token: 't'}, cluster: object = {}) =>
  kubeconfigFile({server: url, cluster: {'certificate-authority-data': base64(authority.ca), ...cluster}, user: {...user}})
const status = (code: number, message: string) => JSON.stringify({kind: 'Status', status: 'Failure', code, message})

test('is proven by one request for /version', async () => {
  const server = await startHttps(apiServer())
  const connection = await connected({kubeconfig: trusting(server)})
  expect(connection).toMatchObject({context: 'lab', server: server.url})
  expect(server.requests.map(({method, url}) => `${method} ${url}`)).toEqual(['GET /version'])
  expect(server.requests[0]!.headers).toMatchObject({authorization: 'Bearer t', 'user-agent': 'calico-doctor'})
  expect(await connection.cluster.get('/version')).toEqual({known: true, value: {gitVersion: 'v1.33.2'}})
})

test.each([403, 404, 500, 503])('an API server that answers %i to /version is there', async code => {
  const server = await startHttps((_request, response) => void response.writeHead(code, {'content-type': 'application/json'}).end(status(code, 'no')))
  await connected({kubeconfig: trusting(server)})
})

test('plain HTTP, as kubectl proxy serves it', async () => {
  const server = await startHttp(apiServer())
  const {cluster} = await connected({kubeconfig: kubeconfigFile({server: server.url})})
  expect(await cluster.get('/version')).toMatchObject({known: true})
})

test('a server below a path', async () => {
  const server = await startHttp((request, response) => void response.end(JSON.stringify({url: request.url})))
  const {cluster} = await connected({kubeconfig: kubeconfigFile({server: `${server.url}/k8s/clusters/c-1/`})})
  expect(await cluster.get('/api/v1/nodes/a')).toEqual({known: true, value: {url: '/k8s/clusters/c-1/api/v1/nodes/a'}})
})

test('another name of the server, and no verification at all, when the kubeconfig says so', async () => {
  const server = await startHttps(apiServer())
  await connected({kubeconfig: trusting(server, {}, {'tls-server-name': 'localhost'})})
  await connected({kubeconfig: kubeconfigFile({server: server.url, cluster: {'insecure-skip-tls-verify': true}})})
  expect(await refusal({kubeconfig: trusting(server, {}, {'tls-server-name': 'elsewhere'})})).toMatch(
    /is for other names: .*elsewhere.* → Use one of its names/,
  )
})

test('basic credentials and impersonation with groups, uid and extra', async () => {
  const server = await startHttps(apiServer())
  const user = {username: 'me', password: 'p:w', as: 'jane', 'as-groups': ['a', 'b'], 'as-uid': '7', 'as-user-extra': {'Acme.com/Scope': ['x', 'y']}}
  await connected({kubeconfig: trusting(server, user)})
  expect(server.requests[0]!.headers).toMatchObject({authorization: `Basic ${base64('me:p:w')}`, 'impersonate-user': 'jane', 'impersonate-uid': '7'})
  expect(server.requests[0]!.headersDistinct).toMatchObject({'impersonate-group': ['a', 'b'], 'impersonate-extra-acme.com%2fscope': ['x', 'y']})
})

test('a client certificate', async () => {
  const authority = await newAuthority()
  const server = await startHttps(apiServer(), {authority, requestCert: true, rejectUnauthorized: true, ca: authority.ca})
  const me = await authority.issue('CN=me', {names: []})
  await connected({kubeconfig: trusting(server, {'client-certificate-data': base64(me.certificate), 'client-key-data': base64(me.key)})})
  expect((server.requests[0]!.socket as TLSSocket).getPeerCertificate().subject.CN).toBe('me')
  expect(await refusal({kubeconfig: trusting(server)})).toMatch(/^The API server .* wants a client certificate/)
})

test('an expired client certificate is named, whether TLS or the API server refuses it', async () => {
  const authority = await newAuthority()
  const me = await authority.issue('CN=me', {names: [], days: [-9, -2]})
  const user = {'client-certificate-data': base64(me.certificate), 'client-key-data': base64(me.key)}
  const expired = /^The client certificate of user "lab-user" expired on \d{4}-\d\d-\d\d\. → Fetch the kubeconfig anew; .*kubeadm certs renew/
  const strict = await startHttps(apiServer(), {authority, requestCert: true, rejectUnauthorized: true, ca: authority.ca})
  expect(await refusal({kubeconfig: trusting(strict, user)})).toMatch(expired)
  const lax = await startHttps((_request, response) => void response.writeHead(401).end(status(401, 'Unauthorized')), {
    authority,
    requestCert: true,
    rejectUnauthorized: false,
  })
  expect(await refusal({kubeconfig: trusting(lax, user)})).toMatch(expired)
})

test('credentials that are refused, and none at all', async () => {
  const server = await startHttps((_request, response) => void response.writeHead(401).end(status(401, 'Unauthorized')))
  expect(await refusal({kubeconfig: trusting(server)})).toMatch(
    /^The API server https:\/\/127\.0\.0\.1:\d+ \(context "lab"\) refuses the credentials of user "lab-user": 401 Unauthorized\. → Log in again/,
  )
  expect(await refusal({kubeconfig: trusting(server, {})})).toMatch(/wants credentials, and user "lab-user" has none\. → Choose another --context or --user/)
})

test('a CA that did not sign the server, or no CA', async () => {
  const server = await startHttps(apiServer())
  const other = await newAuthority('CN=other CA')
  expect(await refusal({kubeconfig: trusting({...server, authority: other})})).toMatch(
    /^The certificate of .* is not signed by the certificate-authority of cluster "lab-cluster"\. → Fetch the kubeconfig anew/,
  )
  expect(await refusal({kubeconfig: kubeconfigFile({server: server.url})})).toMatch(/is not signed by any authority that this machine trusts/)
  expect(await refusal({kubeconfig: kubeconfigFile({server: server.url, cluster: {'certificate-authority-data': base64('nonsense')}})})).toMatch(
    /holds no PEM certificate/,
  )
  expect(await refusal({kubeconfig: kubeconfigFile({server: server.url, cluster: {'certificate-authority': '/no/ca.pem'}})})).toMatch(
    /^The certificate-authority \/no\/ca\.pem cannot be read: no such file/,
  )
})

test('a certificate for another name, one that has expired, and one from tomorrow', async () => {
  const authority = await newAuthority()
  const with_ = async (names: {type: 'dns'; value: string}[] | undefined, days?: [number, number]) => {
    const {certificate, key} = await authority.issue('CN=x', {...(names && {names}), ...(days && {days})})
    return refusal({kubeconfig: trusting(await startHttps(apiServer(), {authority, cert: certificate, key}))})
  }
  expect(await with_([{type: 'dns', value: 'kubernetes'}])).toMatch(/is for other names: .*127\.0\.0\.1/)
  expect(await with_(undefined, [-9, -2])).toMatch(/^The certificate of .* has expired, or this clock is wrong\. → .*kubeadm certs check-expiration/)
  expect(await with_(undefined, [2, 9])).toMatch(/is not valid yet: a clock is wrong/)
})

test('nobody there, no such name', async () => {
  const {url, server} = await startHttp(apiServer())
  await new Promise(resolve => server.close(resolve))
  expect(await refusal({kubeconfig: kubeconfigFile({server: url})})).toMatch(/refuses the connection: nothing listens there\. → Check the server address/)
  // A label of 70 letters is no name: the resolver says so without asking the network.
  const name = `${'a'.repeat(70)}.invalid`
  expect(await refusal({kubeconfig: kubeconfigFile({server: `https://${name}:6443`})})).toMatch(
    /^The name a+\.invalid of the API server .* cannot be resolved\. → .*VPN/,
  )
})

test('TLS where none is spoken, and none where it is', async () => {
  const plain = await startHttp(apiServer())
  expect(await refusal({kubeconfig: kubeconfigFile({server: plain.url.replace('http', 'https')})})).toMatch(/does not speak TLS\. → Use http:\/\//)
  const words = 'Client sent an HTTP request to an HTTPS server.\n'
  const secure = await startHttp((_request, response) => void response.writeHead(400).end(words))
  expect(await refusal({kubeconfig: kubeconfigFile({server: secure.url})})).toMatch(/is no Kubernetes API server: it speaks TLS\. → Use https:\/\//)
})

test('a web page instead of an API', async () => {
  const server = await startHttp((_request, response) => void response.setHeader('content-type', 'text/html; charset=utf-8').end('<h1>Log in'))
  expect(await refusal({kubeconfig: kubeconfigFile({server: server.url})})).toMatch(/it answers 200 with a web page\. → Check the server address/)
})

test('silence costs the time it is given, and an interrupt ends it at once', async () => {
  const server = await startHttp(() => {})
  const started = performance.now()
  expect(await refusal({kubeconfig: kubeconfigFile({server: server.url}), requestTimeoutMs: 300})).toMatch(
    /does not answer: no complete answer in 300 ms\. → Check that this machine reaches it/,
  )
  expect(await refusal({kubeconfig: kubeconfigFile({server: server.url}), signal: AbortSignal.timeout(100)})).toMatch(/the overall time was over/)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test.each<[string, object, RegExp]>([
  [
    'a certificate file that is not there',
    {'client-certificate': '/no/me.pem', 'client-key': '/no/me.key'},
    /^The client certificate \/no\/me\.pem of user "lab-user" cannot be read: no such file/,
  ],
  [
    'a certificate that is none',
    {'client-certificate-data': base64('x'), 'client-key-data': base64('y')},
    /^The client certificate or key of user "lab-user" cannot be used/,
  ],
  ['a token file that is not there', {tokenFile: '/no/token'}, /^The token file \/no\/token cannot be read: no such file/],
  ['a token with a line end', {token: 'a\nb'}, /Invalid character in header/],
])('%s', async (_name, user, sentence) => {
  const server = await startHttps(apiServer())
  expect(await refusal({kubeconfig: trusting(server, user)})).toMatch(sentence)
})

test('close ends what is kept open', async () => {
  const server: ApiServer = await startHttp(apiServer())
  const connection = await connected({kubeconfig: kubeconfigFile({server: server.url})})
  const closed = new Promise(resolve => server.requests[0]!.socket.once('close', resolve))
  connection.close()
  await closed
})
