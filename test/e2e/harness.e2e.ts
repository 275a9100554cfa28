import {execFile, execFileSync} from 'node:child_process'
import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {scenario} from '../../src/demo/index.ts'
import {apiFor} from './api.ts'
import {assets, type RealCluster, startReal, whyNone} from './cluster.ts'
import {type ExecAnswer, exec} from './exec-client.ts'
import {imageRoot} from './image-root.ts'
import {ownFolder, removeFolder} from './leftovers.ts'

const needsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'a root file system of its own needs root on Linux'

describe.skipIf(whyNone !== undefined)('a real control plane', () => {
  const state = scenario('healthy', {nodes: 4})
  let cluster: RealCluster
  let inside: string
  beforeAll(async () => {
    inside = mkdtempSync(join(tmpdir(), 'cdroot-'))
    const execute =
      needsRoot === undefined ? imageRoot({folder: inside, scripts: {'calico-node': 'echo v3.31.2'}, files: {'/var/lib/calico/mtu': '1450\n'}}) : undefined
    cluster = await startReal(state, {execute: node => (node === podOf(0).node ? execute : undefined)})
  })
  afterAll(async () => {
    await cluster?.close()
    if (inside) rmSync(inside, {recursive: true, force: true, maxRetries: 10, retryDelay: 100})
  })

  const podOf = (index: number) => {
    const {metadata, spec} = state.objects.pods!.filter(({metadata: {labels}}) => labels?.['k8s-app'] === 'calico-node')[index]!
    return {namespace: metadata.namespace!, pod: metadata.name, container: 'calico-node', node: (spec as {nodeName: string}).nodeName}
  }
  const run = (command: readonly string[], protocol: string, index = 0) => exec(cluster.admin.identity, {...podOf(index), command, protocols: [protocol]})

  test('says the version of its modules, and lists what was planted', async () => {
    expect(cluster.version).toMatch(/^v1\.\d+\.\d+$/)
    const [nodes, pods, pools] = await Promise.all(
      ['/api/v1/nodes', '/api/v1/pods', '/apis/crd.projectcalico.org/v1/ippools'].map(path => cluster.admin.must('GET', path)),
    )
    expect(nodes.items.map(nameOf)).toEqual(state.objects.nodes!.map(nameOf))
    expect(pods.items.map(nameOf).toSorted()).toEqual(state.objects.pods!.map(nameOf).toSorted())
    expect(pools.items).toMatchObject(state.objects['ippools.crd.projectcalico.org']!.map(({spec}) => ({spec})))
  })

  test('a user without rights is told what is forbidden', async () => {
    const viewer = apiFor(await cluster.addUser('some-viewer', ['some-group']))
    const {status, json} = await viewer.ask('GET', '/apis/crd.projectcalico.org/v1/ippools')
    viewer.close()
    expect(status).toBe(403)
    expect(json()).toMatchObject({
      reason: 'Forbidden',
      message:
        'ippools.crd.projectcalico.org is forbidden: User "some-viewer" cannot list resource "ippools" in API group "crd.projectcalico.org" at the cluster scope',
    })
  })

  test('a service account token ends when it says', async () => {
    const account = await cluster.admin.must('POST', '/api/v1/namespaces/default/serviceaccounts', {body: {metadata: {name: 'short'}}})
    const {name, namespace, uid} = account.metadata
    const fresh = apiFor(cluster.addToken({name, namespace, uid, seconds: 600}))
    expect((await fresh.ask('GET', '/version')).status).toBe(200)
    expect((await fresh.ask('GET', '/api/v1/nodes')).text).toContain('User \\"system:serviceaccount:default:short\\" cannot list')
    // go-jose forgives a minute (kubernetes: pkg/serviceaccount/claims.go).
    const stale = apiFor(cluster.addToken({name, namespace, uid, seconds: -61}))
    expect((await stale.ask('GET', '/api/v1/nodes')).status).toBe(401)
    for (const api of [fresh, stale]) api.close()
  })

  describe.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('exec through the API server, %s', protocol => {
    test('the output of a simulated node', async () => {
      const answer = await run(['birdcl', '-s', '/var/run/calico/bird.ctl', 'show', 'status'], protocol, 1)
      expect(answer).toMatchObject({protocol, status: {status: 'Success'}, closeCode: 1000})
      expect(streams(answer).stdout).toMatch(/^BIRD .* ready\.\n/)
    })

    test('a container that is not in the pod', async () => {
      const answer = await exec(cluster.admin.identity, {...podOf(1), container: 'nobody', command: ['true'], protocols: [protocol]})
      expect(answer).toMatchObject({refused: 400, text: expect.stringContaining(`container nobody is not valid for pod ${podOf(1).pod}`)})
    })

    test('a container that does not run any more', async () => {
      const answer = await exec(cluster.admin.identity, {...podOf(1), container: 'install-cni', command: ['true'], protocols: [protocol]})
      expect(answer).toEqual({refused: 500, type: 'text/plain; charset=utf-8', text: 'container not found ("install-cni")'})
    })

    describe.skipIf(needsRoot !== undefined)('inside an image root', () => {
      test('exit status, and stderr apart from stdout', async () => {
        const answer = await run(['sh', '-c', 'echo out; echo err >&2; exit 3'], protocol)
        expect(streams(answer)).toEqual({stdout: 'out\n', stderr: 'err\n'})
        expect(answer).toMatchObject({
          status: {
            status: 'Failure',
            reason: 'NonZeroExitCode',
            message: 'command terminated with non-zero exit code: command terminated with exit code 3',
            details: {causes: [{reason: 'ExitCode', message: '3'}]},
          },
        })
      })

      test('a megabyte of bytes of every value', async () => {
        const bytes = `i=0; while [ $i -lt 256 ]; do printf "$(printf '\\\\x%x' $i)"; i=$((i+1)); done > /tmp/all`
        const answer = await run(['sh', '-c', `${bytes}; b=/tmp/all; for n in 1 2 3 4 5 6; do cat $b $b $b $b > $b.$n; b=$b.$n; done; cat $b`], protocol)
        const all = Buffer.from(Array.from({length: 256}, (_, byte) => byte))
        expect('stdout' in answer && answer.stdout.equals(Buffer.concat(Array<Buffer>(4_096).fill(all)))).toBe(true)
        expect(answer).toMatchObject({status: {status: 'Success'}})
      })

      test('a missing command is told by the container runtime', async () => {
        const answer = await run(['uname', '-r'], protocol)
        expect(answer).toMatchObject({
          status: {status: 'Failure', reason: 'InternalError', message: expect.stringContaining('exec: "uname": executable file not found in $PATH')},
        })
      })

      test('what the image has is there, what it lacks is not', async () => {
        const names = ['timeout', 'nice', 'sed', 'grep', 'ip', 'uname', 'awk', 'head', 'ps', 'sysctl', 'tar', 'curl', 'wc', 'cut']
        const answer = await run(
          ['sh', '-c', `for name in ${names.join(' ')}; do which $name >/dev/null 2>&1 && echo $name; done; cat /var/lib/calico/mtu`],
          protocol,
        )
        expect(streams(answer).stdout).toBe('timeout\nnice\nsed\ngrep\nip\n1450\n')
        expect(streams(await run(['calico-node', '-v'], protocol)).stdout).toBe('v3.31.2\n')
      })
    })
  })

  test('a kubelet that is dead is an error of the API server', async () => {
    await cluster.kubelets.stop(podOf(2).node)
    const answer = await run(['true'], 'v5.channel.k8s.io', 2)
    expect(answer).toMatchObject({
      refused: 500,
      text: expect.stringMatching(/error dialing backend: dial tcp 127\.\d+\.\d+\.\d+:\d+: connect: connection refused/),
    })
  })

  test('the audit log tells each request, once', async () => {
    const auditor = await cluster.addUser('auditor', ['system:masters'])
    const api = apiFor(auditor)
    await api.must('GET', '/api/v1/namespaces/kube-system/pods?limit=2')
    await exec(auditor, {...podOf(1), command: ['true']})
    await expect.poll(async () => (await cluster.auditLog()).filter(({user}) => user === 'auditor')).toHaveLength(2)
    api.close()
    const entries = (await cluster.auditLog()).filter(({user}) => user === 'auditor')
    expect(entries).toMatchObject([
      {verb: 'list', resource: 'pods', namespace: 'kube-system', status: 200, uri: '/api/v1/namespaces/kube-system/pods?limit=2'},
      {verb: 'get', resource: 'pods', subresource: 'exec', name: podOf(1).pod, status: 101},
    ])
  })

  test('etcd wants a client certificate', async () => {
    const [endpoint = ''] = cluster.etcd.endpoints
    const known = apiFor({url: endpoint, ca: cluster.etcd.ca, client: cluster.etcd.client})
    const range = {key: Buffer.from('/registry/minions/').toString('base64'), range_end: Buffer.from('/registry/minions0').toString('base64'), count_only: true}
    expect(await known.must('POST', '/v3/kv/range', {body: range})).toMatchObject({count: '4'})
    known.close()
    await expect(apiFor({url: endpoint, ca: cluster.etcd.ca}).ask('GET', '/version')).rejects.toThrow(/certificate required/)
  })
})

test.skipIf(whyNone !== undefined)('nothing is left behind', async () => {
  const cluster = await startReal(scenario('healthy', {nodes: 1}))
  expect(existsSync(cluster.folder)).toBe(true)
  await cluster.close()
  expect(existsSync(cluster.folder)).toBe(false)
  await expect(cluster.admin.ask('GET', '/version')).rejects.toThrow()
})

test.skipIf(whyNone !== undefined)('nor by a process that is killed: its servers end with it, the next one removes its folder', async () => {
  const script = `import {startControlPlane} from '${import.meta.dirname}/control-plane.ts'
    const {folder} = await startControlPlane(${JSON.stringify({assets})})
    process.stdout.write(folder, () => process.kill(process.pid, 'SIGKILL'))`
  const folder = await new Promise<string>(resolve => {
    execFile(process.execPath, ['--input-type=module', '-e', script], (_killed, stdout) => resolve(stdout))
  })
  expect(folder).toMatch(/cde2e-\d+-/)
  const servers = () =>
    execFileSync('ps', ['-eo', 'command'], {encoding: 'utf8'})
      .split('\n')
      .filter(line => line.includes(folder))
  if (process.platform === 'linux') await expect.poll(servers).toEqual([])
  removeFolder(ownFolder())
  expect(servers()).toEqual([])
  expect(existsSync(folder)).toBe(false)
})

const nameOf = ({metadata}: {metadata: {name: string}}) => metadata.name
function streams(answer: ExecAnswer): {stdout: string; stderr: string} {
  if (!('stdout' in answer)) throw new Error(JSON.stringify(answer))
  return {stdout: answer.stdout.toString(), stderr: answer.stderr.toString()}
}
