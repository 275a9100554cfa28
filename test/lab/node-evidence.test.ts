import {expect, test} from 'vitest'
import {strikeText, struck} from '../../src/bundle/credentials-in-text.ts'
import {known} from '../../src/engine/collected.ts'
import {nodeEvidenceTasks} from '../../src/evidence/node-tasks.ts'
import {contextOf, filesOf, missedOf, run} from '../evidence/fake-node.ts'
import {type LabPlan, whyNoLab, withLab} from './lab.ts'
import {labDoor} from './look.ts'

const reason = whyNoLab()
if (reason !== undefined) console.warn(`lab tests are skipped: ${reason}`)

/** What a real kernel and a real BIRD say to the light probes, on a node with a password and one without BIRD. */
const plan: LabPlan = {
  nodes: [
    {name: 'n1', passwords: {n2: 'hunter2'}},
    {name: 'n2', passwords: {n1: 'hunter2'}},
    {name: 'n3', birdless: true},
  ],
  ipv6: true,
}

test.skipIf(reason !== undefined)('a real kernel and a real BIRD answer the probes of a bundle', async () => {
  const {evidence, config} = await withLab(plan, async lab => {
    await Promise.all([lab.waitFor('n1', /Mesh_10_0_0_2 .*Established/), lab.waitFor('n1', /Mesh_fd00_10__2 .*Established/, 6)])
    const tasks = nodeEvidenceTasks(contextOf(labDoor(lab), ['n1', 'n3'], {dataplane: known({kind: 'iptables', source: 'default'})}))
    return {evidence: await run(tasks, {timeoutMs: 15_000}), config: await lab.exec('n1', ['cat', '/var/run/calico/bird.cfg'])}
  })
  const text = (name: string, node = 'n1') => filesOf(evidence).find(({path}) => path === `nodes/${node}/${name}`)?.text ?? `no ${name}`
  const missed = (node: string) => missedOf(evidence).filter(one => one.node === node)

  expect(text('birdcl-show-status.txt')).toMatch(/^BIRD 1\.6\.8 ready\.\n[\s\S]*Daemon is up and running\n/)
  expect(text('birdcl-show-route.txt')).toMatch(/^10\.244\.2\.0\/26 +via 10\.0\.0\.2 on eth0 \[Mesh_10_0_0_2 [\d:]+\] \* \(100/m)
  expect(text('birdcl-show-route-count.txt')).toMatch(/^\d+ of \d+ routes for \d+ networks$/m)
  expect(text('birdcl-show-protocols-all.txt')).toMatch(/BGP state: +Established/)
  expect(text('birdcl-show-interfaces.txt')).toMatch(/^eth0 up \(index=\d+/m)
  expect(text('birdcl6-show-route.txt')).toMatch(/^fd00:10:244:2::\/122 +via fd00:10::2 on eth0/m)
  expect(text('ip-route.txt')).toMatch(/^10\.244\.2\.0\/26 via 10\.0\.0\.2 dev eth0 proto bird/m)
  expect(text('ip-route.txt')).toMatch(/^local 10\.0\.0\.1 dev eth0 table local/m)
  expect(text('ip-route-v6.txt')).toMatch(/^fd00:10:244:2::\/122 via fd00:10::2 dev eth0 proto bird/m)
  expect(text('ip-rule.txt')).toContain('from all lookup local')
  expect(text('ip-link.txt')).toMatch(/ eth0@[\s\S]* veth [\s\S]*RX: +bytes/)
  expect(text('ip-neigh.txt')).toMatch(/^10\.0\.0\.2 dev eth0 lladdr /m)
  expect(text('tc-qdisc.txt')).toMatch(/^qdisc noqueue 0: dev (lo|eth0) /m)
  expect(text('bgp-sockets.txt')).toMatch(/^LISTEN 0\.0\.0\.0:179 0\.0\.0\.0:0 /m)
  expect(text('bgp-sockets.txt')).toMatch(/^ESTAB 10\.0\.0\.1:(179 10\.0\.0\.2:\d+|\d+ 10\.0\.0\.2:179) send-queue \d+ receive-queue \d+$/m)
  expect(text('bgp-sockets.txt')).toMatch(/^ESTAB \[fd00:10::1\]:(179 \[fd00:10::2\]:\d+|\d+ \[fd00:10::2\]:179) /m)
  expect(text('bgp-sockets.txt')).not.toContain('calico-doctor')
  expect(text('sysctl.txt')).toMatch(/^\/proc\/sys\/net\/ipv4\/conf\/eth0\/rp_filter:\d$/m)
  expect(text('sysctl.txt')).toMatch(/^\/proc\/sys\/net\/ipv4\/ip_forward:[01]$/m)
  expect(text('sysctl.txt')).not.toContain('stable_secret')
  expect(text('net-dev.txt')).toMatch(/^ +eth0: +\d/m)
  expect(text('processes.txt')).toMatch(/^\/proc\/\d+\/status:Name:\tbird$/m)
  expect(text('kernel.txt')).toMatch(/^\/proc\/version:Linux version /m)
  expect(text('meminfo.txt')).toMatch(/^MemTotal:/m)

  expect(config.stdout).toContain('password "hunter2";')
  expect(strikeText(config.stdout)).toBe(config.stdout.replaceAll('hunter2', struck))

  expect(missed('n3').filter(({source}) => source?.startsWith('birdcl')).length).toBe(10)
  expect(text('birdcl-show-status.stderr.txt', 'n3')).toMatch(
    /^Unable to connect to server control socket \(\/var\/run\/calico\/bird\.ctl\): No such file or directory/,
  )
  expect(missed('n1').find(({source}) => source === 'calico component node version' || source === 'calico-node -v')).toMatchObject({why: 'absent'})
  expect(text('iptables-legacy-save.txt')).toMatch(/^\(calico-doctor: no table of legacy iptables/)
  expect(filesOf(evidence).filter(({truncated}) => truncated)).toEqual([])
})
