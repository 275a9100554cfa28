import {createServer} from 'node:http'
import {afterAll, expect, test} from 'vitest'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {runCli, tempFile, tempFolder} from './run-cli.ts'

const cluster = await startSimulatedCluster({nodes: 1})
const other = await startSimulatedCluster({nodes: 1})
const plain = createServer((_, response) => response.end('hello'))
const plainUrl = await new Promise<string>(resolve =>
  plain.listen(0, '127.0.0.1', () => resolve(`https://127.0.0.1:${(plain.address() as {port: number}).port}`)),
)
afterAll(async () => {
  plain.close()
  await Promise.all([cluster.close(), other.close()])
})

const pointingTo = (server: string) => cluster.kubeconfig.replace(cluster.url, server)
const kubeconfig = (content: string) => `--kubeconfig=${tempFile('kubeconfig', content)}`

/** Exit 4, one sentence and the next step, whatever the output format, and never a stack trace. */
test.each<[string, () => string[], RegExp]>([
  ['no such kubeconfig', () => [`--kubeconfig=${tempFolder()}/none`], /kubeconfig/],
  ['an empty kubeconfig', () => [kubeconfig('')], /kubeconfig|context/],
  ['broken YAML', () => [kubeconfig('clusters: [')], /YAML/i],
  ['something else', () => [kubeconfig('just words')], /kubeconfig/],
  ['an unknown context', () => [kubeconfig(cluster.kubeconfig), '--context=calico-doctor-dem'], /calico-doctor-demo/],
  ['a refused connection', () => [kubeconfig(pointingTo('https://127.0.0.1:1'))], /refuses the connection/],
  ['a name that DNS does not know', () => [kubeconfig(pointingTo('https://no-such-host.invalid:6443'))], /no-such-host\.invalid/],
  ['another CA', () => [kubeconfig(pointingTo(other.url))], /certificate/i],
  ['a server that speaks no TLS', () => [kubeconfig(pointingTo(plainUrl))], /TLS|HTTPS|http/i],
  ['a wrong token', () => [kubeconfig(cluster.kubeconfig.replace(cluster.token, 'expired'))], /credentials|401|Unauthorized/i],
])('%s', async (_name, argv, words) => {
  for (const command of [
    ['check', '-o=json'],
    ['node', 'status'],
  ]) {
    const {code, stdout, stderr} = await runCli([...command, '--timeout=10s', ...argv()])
    expect({code, stdout}, stderr).toEqual({code: 4, stdout: ''})
    expect(stderr).toMatch(words)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(4)
    expect(stderr).not.toMatch(/^ {4}at |node:internal|undefined|\[object/m)
  }
})
