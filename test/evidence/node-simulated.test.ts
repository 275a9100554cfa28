import {expect, test} from 'vitest'
import {strikeText} from '../../src/bundle/credentials-in-text.ts'
import {podDoor} from '../../src/cluster/pod-door.ts'
import type {Fault} from '../../src/demo/index.ts'
import {nodesToAsk} from '../../src/engine/nodes-wanted.ts'
import {nodeEvidenceTasks} from '../../src/evidence/node-tasks.ts'
import {lookAt} from '../demo/look.ts'
import {simulated} from '../helpers/simulated.ts'
import {contextOf, filesOf, missedOf, run} from './fake-node.ts'

/** Evidence of some nodes of a simulated cluster, asked by the same client as any. */
async function evidenceOf(
  names: readonly string[],
  {scenario = 'incident', faults = [], timeoutMs = 15_000}: {scenario?: string; faults?: readonly Fault[]; timeoutMs?: number} = {},
) {
  const {sim, cluster} = await simulated({scenario})
  const {table} = await lookAt(sim, [], ['nodes', 'calicoPods', 'dataplane', 'bgpSettings', 'birdV4', 'links'])
  sim.setFaults(faults)
  const before = sim.requests.filter(({subresource}) => subresource === 'exec').length
  const tasks = nodeEvidenceTasks({...contextOf(podDoor(cluster)), facts: table, nodes: nodesToAsk(names, table)})
  const evidence = await run(tasks, {timeoutMs})
  const bytes = tasks.reduce((sum, {estimate}) => sum + estimate.bytes, 0)
  return {files: filesOf(evidence), missed: missedOf(evidence), bytes, execs: sim.requests.filter(({subresource}) => subresource === 'exec').length - before}
}

test('a node of the simulated cluster gives all there is to ask for', async () => {
  const {files, missed, bytes, execs} = await evidenceOf(['worker-01'])
  const text = (name: string) => files.find(({path}) => path === `nodes/worker-01/${name}`)?.text
  expect(text('ip-route.txt')).toMatch(/^blackhole 10\.\S+\/26 proto bird \n[\s\S]* via 10\.20\.\S+ dev tunl0 proto bird onlink /)
  expect(text('birdcl-show-route.txt')).toMatch(/^BIRD v0.3.3\+birdv1.6.8 ready.\n[\s\S]+ \[Mesh_10_20_0_11 22:\d\d:\d\d\] \* \(100\/0\) \[i\]\n/)
  expect(text('bgp-sockets.txt')).toMatch(/^LISTEN 0\.0\.0\.0:179 /)
  expect(text('sysctl.txt')).toContain('/proc/sys/net/netfilter/nf_conntrack_max:262144\n')
  expect(text('sysctl.txt')).toMatch(/conf\/cali\w+\/rp_filter:0/)
  expect(text('calico-version.txt')).toMatch(/^v3\.\d+\.\d+\n$/)
  expect(text('bird.cfg')).toContain('password "simulated-bgp-password";')
  expect(strikeText(text('bird.cfg')!)).not.toContain('simulated-bgp-password')
  expect(text('iptables-nft-save.txt')).toContain('*filter\n')
  expect(files.filter(({path}) => path.endsWith('.stderr.txt'))).toEqual([])
  expect(text('iptables-legacy-save.txt')).toMatch(/^\(calico-doctor: no table of legacy iptables is in use/)
  expect(missed).toEqual([])
  expect(execs).toBe(2 + 6 + 13)
  const real = files.reduce((sum, {text}) => sum + text.length, 0)
  expect(bytes).toBeGreaterThan(real)
})

test('BIRD that does not run leaves its words, and all else', async () => {
  const {files, missed} = await evidenceOf(['worker-05'])
  expect(missed.filter(({source}) => source?.startsWith('birdcl -s')).every(({why, detail}) => why === 'failed' && detail.includes('Unable to connect'))).toBe(
    true,
  )
  expect(files.map(({path}) => path)).toContain('nodes/worker-05/birdcl-show-status.stderr.txt')
  expect(files.map(({path}) => path)).toContain('nodes/worker-05/ip-route.txt')
})

const faults: readonly (readonly [name: string, exec: Extract<Fault, {node: unknown}>['exec'], why: string])[] = [
  ['forbidden', {status: 403}, 'forbidden'],
  ['a kubelet that is not reached', {status: 500, message: 'error dialing backend: dial tcp 10.20.0.14:10250: i/o timeout'}, 'unreachable'],
  ['silence', 'silence', 'timeout'],
]
test.concurrent.each(faults)('%s: the node is missed once, the other is whole', async (_name, exec, why) => {
  const {files, missed} = await evidenceOf(['worker-01', 'worker-02'], {
    scenario: 'healthy',
    faults: [{node: 'worker-01', exec}],
    timeoutMs: exec === 'silence' ? 3_000 : 15_000,
  })
  expect(missed.filter(({node}) => node === 'worker-01')).toEqual([{node: 'worker-01', why, detail: expect.stringMatching(/\S/)}])
  expect(files.filter(({node}) => node === 'worker-01')).toEqual([])
  expect(files.filter(({node}) => node === 'worker-02').length).toBeGreaterThan(40)
})

test('one dump that floods costs itself only', async () => {
  const {files, missed} = await evidenceOf(['worker-01'], {scenario: 'healthy', faults: [{node: 'worker-01', exec: {flood: 'iptables-nft-save -c'}}]})
  expect(missed.filter(({why}) => why !== 'absent')).toEqual([
    {node: 'worker-01', source: 'iptables-nft-save -c', why: 'failed', detail: expect.stringContaining('flooded')},
  ])
  expect(files.map(({path}) => path)).toContain('nodes/worker-01/nft-ruleset.txt')
})
