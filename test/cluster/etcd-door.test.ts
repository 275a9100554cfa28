import {writeFileSync} from 'node:fs'
import type {RequestListener} from 'node:http'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type EtcdFlags, etcdSettings} from '../../src/cluster/etcd-settings.ts'
import {type ApiServer, type SecureServer, startHttp, startHttps} from '../helpers/api-server.ts'
import {newAuthority} from '../helpers/authority.ts'
import {doorWith, gateway} from '../helpers/etcd.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const keys = Object.fromEntries(Array.from({length: 1_200}, (_, index) => [`/calico/x/${String(index).padStart(4, '0')}`, {index}]))
const nobody = 'http://127.0.0.1:1'
const silent: RequestListener = () => {}
const refusing =
  (status: number, message: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify({code: 3, message}))

const file = (name: string, content: string): string => {
  const path = join(tempFolder(), name)
  writeFileSync(path, content)
  return path
}
const caOf = ({authority}: SecureServer): EtcdFlags => ({'etcd-ca-cert-file': file('ca.crt', authority.ca)})
const failure = async (flags: EtcdFlags, env = {}) => etcdSettings(flags, env).then(String, error => `${error.message} → ${error.next}`)

describe('what is read', () => {
  test('every key, page by page', async () => {
    const {url, requests} = await startHttp(gateway(keys))
    const door = await doorWith()
    const listed = await door.list([url], '/calico/x/', ({key, value}) => (key.endsWith('7') ? JSON.parse(value).index : undefined))
    expect(listed).toEqual({known: true, value: Array.from({length: 120}, (_, index) => index * 10 + 7)})
    expect(requests.map(({method, url}) => `${method} ${url}`)).toEqual(Array.from({length: 3}, () => 'POST /v3/kv/range'))
  })
  test('no key of a kind is an empty list; one key that is not there is absent', async () => {
    const {url} = await startHttp(gateway(keys))
    const door = await doorWith()
    expect(await door.list([url], '/calico/y/', entry => entry)).toEqual({known: true, value: []})
    expect(await door.get([url], '/calico/x')).toEqual({known: false, why: 'absent', detail: 'etcd has no key /calico/x'})
    expect(await door.get([url], '/calico/x/0003')).toEqual({known: true, value: {key: '/calico/x/0003', value: '{"index":3}'}})
  })
  test('what was read before etcd went away is there, in part', async () => {
    const answer = gateway(keys)
    const server: ApiServer = await startHttp((request, response) =>
      (server.requests.length === 1 ? answer : refusing(500, 'etcdserver: mvcc: database space exceeded'))(request, response),
    )
    const listed = await (await doorWith()).list([server.url], '/calico/x/', ({key}) => key)
    expect(listed).toMatchObject({known: true, partial: `only the first 500: etcd at ${server.url}: 500 etcdserver: mvcc: database space exceeded.`})
  })
})

describe('several endpoints', () => {
  test('one of three that is down is noted, and no more', async () => {
    const [a, c] = [await startHttp(gateway(keys)), await startHttp(gateway(keys))]
    const door = await doorWith()
    expect(await door.reach([nobody, a.url, c.url])).toMatchObject({known: true, value: {silent: [`${nobody} connection refused`]}})
    expect(await door.list([nobody, a.url, c.url], '/calico/x/00', ({key}) => key)).toMatchObject({known: true, value: {length: 100}})
  })
  test('one that is silent holds up nobody', async () => {
    const [mute, there] = [await startHttp(silent), await startHttp(gateway(keys))]
    const started = performance.now()
    const door = await doorWith()
    expect(await door.reach([mute.url, there.url])).toEqual({known: true, value: {endpoint: there.url, silent: [`${mute.url} no answer in 1 s`]}})
    expect(await door.get([mute.url, there.url], '/calico/x/0001')).toMatchObject({known: true})
    expect(performance.now() - started).toBeLessThan(3_000)
  })
  test('one that goes away later is replaced by the next', async () => {
    const [first, second] = [await startHttp(gateway(keys)), await startHttp(gateway(keys))]
    const door = await doorWith()
    await door.get([first.url, second.url], '/calico/x/0001')
    first.server.closeAllConnections()
    first.server.close()
    expect(await door.get([first.url, second.url], '/calico/x/0001')).toMatchObject({known: true})
    expect(second.requests).toHaveLength(1)
  })
  test('all down: the cause of each', async () => {
    const {url} = await startHttp((_request, response) => void response.destroy())
    expect(await (await doorWith()).reach([nobody, url, 'http://127.0.0.1:2'])).toEqual({
      known: false,
      why: 'unreachable',
      detail: `etcd at ${nobody}, http://127.0.0.1:2: connection refused; ${url}: the connection was cut. Run this where etcd can be reached, or give endpoints that can be with --etcd-endpoints.`,
    })
  })
  test('members that choose a leader are asked again', async () => {
    const answer = gateway(keys)
    const server: ApiServer = await startHttp((request, response) =>
      (server.requests.length === 1 ? refusing(503, 'etcdserver: leader changed') : answer)(request, response),
    )
    expect(await (await doorWith()).get([server.url], '/calico/x/0001')).toMatchObject({known: true})
    expect(server.requests).toHaveLength(2)
  })
  test('all silent: a timeout', async () => {
    const {url} = await startHttp(silent)
    const answer = await (await doorWith({}, 300)).reach([url])
    expect(answer).toMatchObject({known: false, why: 'timeout', detail: expect.stringContaining(`etcd at ${url}: no complete answer in 300 ms.`)})
  })
  test.each([[[]], [['nowhere']], [['ftp://a']], [Array.from({length: 20}, () => nobody)]])('none, or none that are: %j', async endpoints => {
    expect(await (await doorWith()).reach(endpoints)).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('--etcd-endpoints')})
  })
})

describe('certificates', () => {
  const strict = async () => {
    const authority = await newAuthority('CN=etcd CA')
    return startHttps(gateway(keys), {authority, requestCert: true, rejectUnauthorized: true, ca: authority.ca})
  }
  const reached = async (server: SecureServer, flags: EtcdFlags) => (await doorWith(flags)).reach([server.url])
  const client = async (server: SecureServer, days?: [number, number]): Promise<EtcdFlags> => {
    const {certificate, key} = await server.authority.issue('CN=calico', {names: [], ...(days && {days})})
    return {...caOf(server), 'etcd-cert-file': file('client.crt', certificate), 'etcd-key-file': file('client.key', key)}
  }
  test('the right ones', async () => {
    const server = await strict()
    expect(await reached(server, await client(server))).toEqual({known: true, value: {endpoint: server.url, silent: []}})
  })
  test('none where one is wanted', async () => {
    const server = await strict()
    expect(await reached(server, caOf(server))).toEqual({
      known: false,
      why: 'forbidden',
      detail: `etcd at ${server.url}: it wants a client certificate. Give --etcd-cert-file and --etcd-key-file; calico-node's own are in a Secret, which is never read.`,
    })
  })
  test('one that another CA has signed', async () => {
    const [server, other] = [await strict(), await strict()]
    expect(await reached(server, {...(await client(other)), ...caOf(server)})).toMatchObject({
      // Node's server hangs up; etcd itself sends an alert (test/e2e/etcd.e2e.ts).
      why: 'unreachable',
      detail: expect.stringMatching(/the connection was cut, as some servers do .*\. Give one that etcd's own CA has signed with --etcd-cert-file\.$/),
    })
  })
  test('one that has expired', async () => {
    const server = await strict()
    expect(await reached(server, await client(server, [-9, -2]))).toMatchObject({
      why: 'forbidden',
      detail: expect.stringMatching(/the client certificate .*client\.crt expired on \d{4}-\d\d-\d\d\. Give one that is valid/),
    })
  })
  test('a CA that did not sign the server, or none', async () => {
    const [server, other] = [await strict(), await strict()]
    expect(await reached(server, caOf(other))).toMatchObject({
      why: 'unreachable',
      detail: expect.stringMatching(/is not signed by the CA .*ca\.crt\. Give etcd's own CA/),
    })
    expect(await reached(server, {})).toMatchObject({
      why: 'unreachable',
      detail: expect.stringMatching(/any authority that this machine trusts\. Give etcd's CA with/),
    })
  })
  test('plain text for TLS, and TLS for plain text', async () => {
    const [plain, tls] = [await startHttp(gateway(keys)), await strict()]
    const door = await doorWith()
    expect(await door.reach([plain.url.replace('http:', 'https:')])).toMatchObject({
      why: 'unreachable',
      detail: expect.stringMatching(/does not speak TLS\. Give it as http:/),
    })
    expect(await door.reach([tls.url.replace('https:', 'http:')])).toMatchObject({known: false, why: 'unreachable'})
  })
})

describe('answers that are a no', () => {
  test.each([
    ['forbidden', 400, 'etcdserver: user name is empty', 'this tool cannot log in'],
    ['forbidden', 403, 'etcdserver: permission denied', 'permission denied'],
    ['failed', 404, 'Not Found', 'it has no JSON gateway'],
    ['failed', 503, 'etcdserver: request timed out', 'etcdserver: request timed out. Most of its members'],
    ['unreachable', 400, 'Client sent an HTTP request to an HTTPS server.', 'Give it as https://'],
  ])('%s: %i %s', async (why, status, message, said) => {
    const {url} = await startHttp(refusing(status, message))
    expect(await (await doorWith()).get([url], '/calico/x')).toMatchObject({known: false, why, detail: expect.stringContaining(said)})
  })
  test.each(['{}', '[]', '<html></html>', ''])('200 %s is none of etcd', async body => {
    const {url} = await startHttp((_request, response) => void response.end(body))
    expect(await (await doorWith()).get([url], '/calico/x')).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('it may be no etcd')})
  })
})

describe('settings', () => {
  test("flags beat calicoctl's environment", async () => {
    const env = {ETCD_ENDPOINTS: 'https://e:1, https://e:2,', ETCD_CA_CERT_FILE: '/e/ca', ETCD_CERT_FILE: '/e/cert', ETCD_KEY_FILE: '/e/key'}
    expect(await etcdSettings({}, env)).toEqual({endpoints: ['https://e:1', 'https://e:2'], caFile: '/e/ca', certificateFile: '/e/cert', keyFile: '/e/key'})
    expect(await etcdSettings({'etcd-endpoints': 'http://f:3', datastore: 'etcd'}, env)).toMatchObject({datastore: 'etcdv3', endpoints: ['http://f:3']})
    expect(await etcdSettings({datastore: 'kubernetes'}, {})).toEqual({datastore: 'kubernetes'})
  })
  test.each(['etcd.example:2379', ',', 'https://a:1,b'])('--etcd-endpoints %s is wrong usage', async endpoints => {
    expect(await failure({'etcd-endpoints': endpoints})).toMatch(/^--etcd-endpoints: .* is no http or https URL → Write them as/)
  })
  test('files of flags must be there and belong together', async () => {
    const [mine, yours] = await Promise.all([newAuthority().then(one => one.issue('CN=a')), newAuthority().then(one => one.issue('CN=b'))])
    const [certificate, key] = [file('a.crt', mine.certificate), file('b.key', yours.key)]
    expect(await failure({'etcd-ca-cert-file': '/no/ca'})).toBe(
      'The CA for etcd /no/ca cannot be read: no such file. → Check --etcd-ca-cert-file and the permissions of that file.',
    )
    expect(await failure({'etcd-ca-cert-file': file('ca', 'nonsense')})).toMatch(/holds no PEM text/)
    expect(await failure({'etcd-cert-file': certificate})).toMatch(/a client certificate without its key\. → Give both/)
    expect(await failure({'etcd-cert-file': certificate, 'etcd-key-file': key})).toMatch(
      /cannot be used \(.*a\.crt, .*b\.key\): .* → Certificate and key must belong together/,
    )
  })
  test('files of the environment are read only when they are needed', async () => {
    const settings = await etcdSettings({}, {ETCD_CA_CERT_FILE: '/no/ca'})
    expect(settings).toEqual({caFile: '/no/ca'})
  })
})
