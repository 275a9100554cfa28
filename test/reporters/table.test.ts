import {describe, expect, test} from 'vitest'
import {known, unknown} from '../../src/engine/collected.ts'
import {render} from '../../src/reporters/index.ts'
import {columns} from '../../src/reporters/wrap.ts'
import {blind, check, cluster, finding, healthy, incident, reportOf, screen} from './reports.ts'

const table = (report = healthy, more = {}) => render(report, 'table', {...screen, ...more})

test('a healthy cluster is a short page', () => {
  expect(table()).toBe(`Cluster prod, https://10.0.0.1:6443, 2026-11-21 03:16 UTC
  Calico         v3.30.2
  Installed by   operator (Installation default), namespace calico-system
  Kubernetes     v1.33.2
  Datastore      kubernetes
  API group      crd.projectcalico.org/v1 + API server
  Dataplane      iptables
  Encapsulation  IPIP CrossSubnet
  BGP            AS 64512, node-to-node mesh on
  Nodes          12 (12 of 12 answered in full)

✓ bgp        2 checks passed
✓ datastore  1 check passed
✓ mtu        1 check passed
✓ typha      1 check passed
- ebpf       not applicable: the dataplane is iptables and eBPF was not asked
             for (ebpf/kernel)

Result  No problem found; 5 checks passed, 1 not applicable
Seen    100 % of what these checks need; 12 of 12 nodes
Took    2.1 s
`)
})

test('an incident: the worst first, each with evidence, fix and how to verify', () => {
  expect(table(incident).split('\n').slice(11).join('\n')).toBe(`✗ bgp        1 error, 1 unknown
  ✗ A BGP session is not established (bgp/session-down)
    ✗ 10.0.0.12 (worker-12) refuses BGP from 11 nodes: nothing listens on TCP
      179 there, so the pods on worker-12 cannot be reached from them
    on        11 nodes: worker-1, worker-2, worker-3, … +8
    evidence  worker-1: birdcl show protocols: Mesh_10_0_0_12 BGP master start
              14:13:42 Connect Socket: Connection refused
              worker-2: birdcl show protocols: Mesh_10_0_0_12 BGP master start
              14:13:42 Connect Socket: Connection refused
              worker-3: birdcl show protocols: Mesh_10_0_0_12 BGP master start
              14:13:42 Connect Socket: Connection refused
              … +8 more
    fix       1. See why calico-node does not run BIRD on worker-12
                 kubectl -n calico-system logs -l k8s-app=calico-node -c calico-node --field-selector spec.nodeName=worker-12 --tail 100
              2. Restart the pod when its log ends without an error
                 kubectl -n calico-system delete pod -l k8s-app=calico-node --field-selector spec.nodeName=worker-12
    verify    Every session of the node is Established
              calico-doctor node status worker-12

    ? Not all of it was seen:
      timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)

  ? Could not be judged: BIRD runs on every node that should run it
    (bgp/bird-not-running)
    timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)

! mtu        1 warning
  ! The MTU of pods or tunnels is too large for the network below
    (mtu/too-large)
    ! on worker-4 tunl0 has MTU 1500 over eth0 with MTU 1500: IPIP needs 20
      bytes, so full-size packets between pods are lost
    evidence  worker-4: ip -j -d addr: tunl0 mtu 1500
              worker-4: ip -j -d addr: eth0 mtu 1500
    fix       Set the MTU in the Installation
              kubectl patch installation default --type merge -p '{"spec":{"calicoNetwork":{"mtu":1480}}}'
    verify    No node is named any more
              calico-doctor check --only mtu

✓ datastore  1 check passed
✓ typha      1 check passed
- ebpf       not applicable: the dataplane is iptables and eBPF was not asked
             for (ebpf/kernel)

Result  1 error, 1 warning; 2 checks passed, 1 could not be judged, 1 not
        applicable
Seen    96 % of what these checks need; 10 of 12 nodes
        timeout: no complete answer in 15 s (2 nodes: worker-7, worker-8)
Took    2.1 s
Next    calico-doctor explain bgp/session-down
`)
})

test('what could not be seen is said with its cause, and never as well', () => {
  const text = table(blind)
  expect(text).toContain('Kubernetes     not seen (forbidden)\n')
  expect(text).toContain('Dataplane      iptables (seen in part: page 2 failed)\n')
  expect(text).toContain('Nodes          not seen (forbidden) (0 of 12 answered in full)\n')
  expect(text.slice(text.indexOf('\n\n') + 2)).toBe(`? bgp        1 unknown
  ? Could not be judged: Every BGP session is established (bgp/session-down)
    forbidden: pods/exec in calico-system (12 nodes: worker-1, worker-2,
    worker-3, … +9)

? datastore  1 unknown
  ? Could not be judged: The datastore is the Kubernetes API (datastore/mode)
    two DaemonSets disagree

? mtu        1 crashed
  ? This check itself failed, which is a fault of calico-doctor: TypeError: x is
    undefined (mtu/too-large)

- typha      suppressed: planned for May (typha/missing)

Result  No problem in what was seen; 0 checks passed, 2 could not be judged, 1
        crashed, 1 suppressed
Seen    20 % of what these checks need; 0 of 12 nodes
        forbidden: list nodes: 403 (nodes)
        forbidden: pods/exec in calico-system (12 nodes: worker-1, worker-2,
        worker-3, … +9)
Took    2.1 s
Next    calico-doctor check --print-rbac
`)
})

describe('no DaemonSet of Calico there', () => {
  const install = unknown('absent', 'no calico-node DaemonSet')
  const apiGroup = unknown('absent', 'the API serves neither')
  const judged = [check('typha/missing', 'unknown'), check('cidr/pools-overlap', 'unknown')]

  test('and no API either: one calm sentence', () => {
    const none = reportOf(judged, {cluster: {...cluster, install, apiGroup}})
    const sentence = [
      '? No Calico found in this cluster: no DaemonSet runs calico-node, and the API',
      '  serves no resources of Calico.',
      '  Kubernetes v1.33.2, 12 nodes. Nothing was judged. Another cluster is chosen',
      '  with --context; its names are listed by',
      '  kubectl config get-contexts',
      '',
    ]
    expect(table(none).split('\n').slice(1)).toEqual(sentence)
    expect(render(none, 'short', screen).split('\n')).toEqual(sentence)
  })

  test("but Calico's resources are: all that could be judged is shown", () => {
    const text = table(reportOf(judged, {cluster: {...cluster, install}}))
    expect(text).toContain('Installed by   not there\n')
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      "Result No DaemonSet runs calico-node here, although the API serves Calico's resources; no problem in what was seen",
    )
  })

  test('what was found is never left out', () => {
    const found = reportOf([check('cidr/pools-overlap', 'fail', {findings: [finding({message: 'pools overlap'})]})], {cluster: {...cluster, install, apiGroup}})
    expect(table(found)).toContain('pools overlap')
    expect(render(found, 'short', screen)).toContain('pools overlap')
  })

  test('unseen is not absent', () => {
    const unseen = reportOf(judged, {cluster: {...cluster, install: unknown('forbidden', '403'), apiGroup}})
    expect(table(unseen)).not.toContain('No Calico')
  })
})

test('bundle and demo are named as such', () => {
  expect(table({...healthy, source: {kind: 'bundle', file: 'may.tar.gz'}})).toMatch(/^bundle may\.tar\.gz, 2026-11-21 03:16 UTC\n/)
  expect(table({...healthy, source: {kind: 'demo', server: 'https://127.0.0.1:1'}})).toMatch(/^Simulated cluster, https:\/\/127\.0\.0\.1:1, 2026/)
})

test('one fix for several findings is said once, and long lists are cut', () => {
  const many = Array.from({length: 14}, (_, i) => finding({message: `session ${i} is down`, subjects: [{kind: 'IPPool', name: `pool-${i}`}]}))
  const text = table(reportOf([check('bgp/session-down', 'fail', {findings: many})]))
  expect(text.match(/ fix /g)).toHaveLength(1)
  expect(text).toContain('session 9 is down')
  expect(text).not.toContain('session 10 is down')
  expect(text).toContain('    about     IPPool pool-9\n')
  expect(text).toContain('… +4 more: calico-doctor check --only bgp/session-down -o json')
})

test('nodes that the message lists in short are not listed again', () => {
  const shown = (message: string) => table(reportOf([check('bgp/session-down', 'fail', {findings: [finding({message})]})]))
  expect(shown('down on 11 nodes: worker-1, worker-2, worker-3, … +8.')).not.toContain('    on  ')
  expect(shown('down on 11 nodes')).toContain('    on        11 nodes: worker-1, worker-2, worker-3, … +8\n')
})

test('only what can be pasted and words without a blank are wider than the screen', () => {
  for (const width of [60, 80, 120]) {
    const commands = incident.checks.flatMap(({findings}) =>
      findings.flatMap(({fix, verify}) => [...fix, ...(verify ? [verify] : [])].map(step => step.command!)),
    )
    const wide = table(incident, {width})
      .split('\n')
      .filter(line => columns(line) > width)
    expect(wide.filter(line => !commands.includes(line.trim()))).toEqual([])
  }
})

test('colour is only added: without it the text is the same', () => {
  const coloured = table(incident, {colour: true})
  expect(coloured).toContain('\u001b[31m✗\u001b[39m')
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(table(incident))
})

test('a screen without UTF-8 gets ASCII', () => {
  const text = table(incident, {unicode: false, colour: true}).replaceAll(/\u001b\[\d+m/g, '')
  expect(text).toMatch(/^[\x20-\x7e\n]+$/)
  expect(text).toContain('x bgp ')
  expect(text).toContain('worker-3, ... +8')
})

test('a command of several lines keeps them, unless a name could have brought the line break', () => {
  const command = 'kubectl apply -f - <<EOF\nspec:\n  mtu: 1480\nEOF'
  const shown = (more = {}) => table(reportOf([check('bgp/session-down', 'fail', {findings: [finding({fix: [{text: 'apply', command}], ...more})]})]))
  expect(shown()).toContain('              spec:\n                mtu: 1480\n              EOF\n')
  expect(shown({args: {pattern: String.raw`a\nb`}})).toContain('              spec:\n')
  expect(shown({args: {fix: [{text: 'apply', command}]}})).toContain('              spec:\n')
  expect(shown({args: {peer: 'x\nrm -rf /'}})).toContain(String.raw`<<EOF\nspec:\n  mtu: 1480\nEOF`)
  expect(shown({subjects: [{kind: 'Node', name: 'x\rrm'}]})).toContain(String.raw`<<EOF\nspec:`)
})

test('known cluster values are shown as text, whatever is in them', () => {
  expect(table({...healthy, cluster: {...cluster, datastore: known('etcd\u001b[31m\nv3')}})).toContain(String.raw`Datastore      etcd\x1b[31m\nv3`)
})
