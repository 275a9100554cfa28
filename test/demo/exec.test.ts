import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type SimulatedCluster, startSimulatedCluster} from '../../src/demo/index.ts'
import type {Probe} from '../../src/engine/collector.ts'
import {probeScript, readProbes} from '../../src/engine/probe-script.ts'
import {exec} from './exec-client.ts'

let cluster: SimulatedCluster
beforeAll(async () => (cluster = await startSimulatedCluster()))
afterAll(() => cluster.close())
const podOn = (node: string) =>
  cluster.state.objects.pods!.find(({metadata, spec}) => metadata.labels?.['k8s-app'] === 'calico-node' && (spec as any).nodeName === node)!.metadata.name
const run = (...command: string[]) => exec(cluster, podOn('worker-01'), command)

describe('exec', () => {
  test.each([['v5.channel.k8s.io'], ['v4.channel.k8s.io']])('speaks %s', async protocol => {
    const reply = await exec(cluster, podOn('worker-01'), ['cat', '/proc/sys/kernel/osrelease'], {protocols: [protocol]})
    expect(reply).toMatchObject({protocol, stdout: '6.8.0-85-generic\n', stderr: '', status: {status: 'Success'}, closeCode: 1000})
  })
  test('prefers v5', async () => expect((await run('true')).protocol).toBe('v5.channel.k8s.io'))
  test('gives the exit status on channel 3', async () => {
    const reply = await run('cat', '/no/such/file')
    expect(reply.stderr).toBe('cat: /no/such/file: No such file or directory\n')
    expect(reply.status).toMatchObject({status: 'Failure', reason: 'NonZeroExitCode', details: {causes: [{reason: 'ExitCode', message: '1'}]}})
  })
  test('a command that is not in the image is an internal error, as runc words it', async () => {
    const reply = await run('awk', '1')
    expect(reply.status).toMatchObject({status: 'Failure', reason: 'InternalError', message: expect.stringContaining('executable file not found in $PATH')})
    expect((await run()).status).toMatchObject({status: 'Failure', reason: 'InternalError'})
  })
  test.each([
    ['v5.channel.k8s.io', 'Internal error occurred: Internal error occurred: error executing command in container: '],
    ['v4.channel.k8s.io', 'Internal error occurred: error executing command in container: '],
  ])('and %s wraps it so often', async (protocol, prefix) => {
    const {status} = await exec(cluster, podOn('worker-01'), ['awk', '1'], {protocols: [protocol]})
    expect(status.message.startsWith(`${prefix}failed to exec`)).toBe(true)
  })
  test('refuses before the upgrade what a real server refuses', async () => {
    const status = async (...args: Parameters<typeof exec>) => (await exec(...args)).refused
    expect(await status(cluster, podOn('worker-01'), ['true'], {token: 'wrong'})).toMatchObject({status: 401})
    expect(await status(cluster, 'no-such-pod', ['true'])).toMatchObject({status: 404, body: expect.stringContaining('pods \\"no-such-pod\\" not found')})
    expect(await status(cluster, podOn('worker-01'), ['true'], {container: 'nope'})).toMatchObject({
      status: 400,
      body: expect.stringContaining('container nope is not valid for pod'),
    })
    expect(await status(cluster, podOn('worker-01'), ['true'], {container: 'install-cni'})).toEqual({status: 500, body: 'container not found ("install-cni")'})
  })
  test('can run on something real instead', async () => {
    cluster.state.nodes['worker-02']!.exec = async command => ({stdout: `ran ${command.join(' ')}`, stderr: '', exit: 3})
    const reply = await exec(cluster, podOn('worker-02'), ['sh', '-c', 'x'])
    expect(reply).toMatchObject({stdout: 'ran sh -c x', status: {details: {causes: [{message: '3'}]}}})
  })
})

describe('probe scripts', () => {
  const ask = async (probes: Record<string, Probe>, node = 'worker-01') => {
    const map = new Map(Object.entries(probes))
    const {stdout, stderr} = await exec(cluster, podOn(node), ['sh', '-c', probeScript(map, 'n0nce', 5)])
    return readProbes(stdout, stderr, map, 'n0nce')
  }
  test('are answered in the framing that a shell gives', async () => {
    const answers = await ask({
      mtu: {tries: [['cat', '/var/lib/calico/mtu']]},
      missing: {tries: [['cat', "/it's not there"]]},
      version: {
        tries: [
          ['calico', 'component', 'node', 'version'],
          ['calico-node', '-v'],
        ],
      },
      nothing: {tries: [['no-such-command']]},
    })
    expect(answers.get('mtu')).toMatchObject({exit: 0, stdout: '1480', stderr: ''})
    expect(answers.get('missing')).toMatchObject({exit: 1, stderr: "cat: /it's not there: No such file or directory\n"})
    expect(answers.get('version')).toMatchObject({argv: ['calico-node', '-v'], exit: 0, stdout: 'v3.31.2\n'})
    expect(answers.get('nothing')).toMatchObject({exit: 127})
  })
  test('are cut where sed cuts', async () => {
    const answers = await ask({bird: {tries: [['birdcl', '-s', '/var/run/calico/bird.ctl', 'show', 'protocols']], maxLines: 3}})
    expect(answers.get('bird')).toMatchObject({cut: 'more than 3 lines'})
  })
  test('messages end inside lines', async () => {
    const {messages, stdout} = await exec(cluster, podOn('worker-01'), ['birdcl', '-s', '/var/run/calico/bird.ctl', 'show', 'protocols', 'all'])
    expect(messages).toBeGreaterThan(2)
    expect(stdout.startsWith('BIRD v0.3.3+birdv1.6.8 ready.\n')).toBe(true)
  })
})
