import type {Finding} from '../../src/engine/check.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import type {ClusterDescription} from '../../src/engine/describe-cluster.ts'
import type {Missing} from '../../src/engine/examine.ts'
import type {CheckReport, Report} from '../../src/engine/report.ts'

export const screen = {width: 80, colour: false, unicode: true}

export const cluster: ClusterDescription = {
  calicoVersion: known('v3.30.2'),
  kubernetesVersion: known('v1.33.2'),
  install: known('operator (Installation default), namespace calico-system'),
  datastore: known('kubernetes'),
  apiGroup: known('crd.projectcalico.org/v1 + API server'),
  dataplane: known('iptables'),
  encapsulation: known('IPIP CrossSubnet'),
  bgp: known('AS 64512, node-to-node mesh on'),
  nodes: known(12),
}

const titles: Record<string, string> = {
  'bgp/bird-not-running': 'BIRD runs on every node that should run it',
  'bgp/session-down': 'Every BGP session is established',
  'datastore/mode': 'The datastore is the Kubernetes API',
  'ebpf/kernel': 'Every kernel can run the eBPF dataplane',
  'mtu/too-large': 'Tunnel and pod MTU fit the network below',
  'typha/missing': 'A cluster of this size runs Typha',
}
const failureTitles: Record<string, string> = {
  'bgp/session-down': 'A BGP session is not established',
  'mtu/too-large': 'The MTU of pods or tunnels is too large for the network below',
}
export const check = (id: string, status: CheckReport['status'] = 'pass', more: Partial<CheckReport> = {}): CheckReport => ({
  id,
  category: id.split('/')[0]!,
  title: status === 'fail' ? failureTitles[id]! : titles[id]!,
  status,
  findings: [],
  missing: [],
  ...more,
})
export const workers = (count: number) => Array.from({length: count}, (_, i) => ({kind: 'Node', name: `worker-${i + 1}`}))
export const finding = (more: Partial<Finding> = {}): Finding => ({
  check: 'bgp/session-down',
  messageId: 'refused',
  severity: 'error',
  subjects: workers(11),
  message: '10.0.0.12 (worker-12) refuses BGP from 11 nodes: nothing listens on TCP 179 there, so the pods on worker-12 cannot be reached from them',
  args: {peer: '10.0.0.12', nodes: 11},
  evidence: Array.from(
    {length: 11},
    (_, i) => `worker-${i + 1}: birdcl show protocols: Mesh_10_0_0_12 BGP master start 14:13:42 Connect Socket: Connection refused`,
  ),
  fix: [
    {
      text: 'See why calico-node does not run BIRD on worker-12',
      command: 'kubectl -n calico-system logs -l k8s-app=calico-node -c calico-node --field-selector spec.nodeName=worker-12 --tail 100',
    },
    {
      text: 'Restart the pod when its log ends without an error',
      command: 'kubectl -n calico-system delete pod -l k8s-app=calico-node --field-selector spec.nodeName=worker-12',
    },
  ],
  verify: {text: 'Every session of the node is Established', command: 'calico-doctor node status worker-12'},
  ...more,
})
export const mtu = finding({
  check: 'mtu/too-large',
  messageId: 'tunnel',
  severity: 'warning',
  subjects: [{kind: 'Node', name: 'worker-4'}],
  message: 'on worker-4 tunl0 has MTU 1500 over eth0 with MTU 1500: IPIP needs 20 bytes, so full-size packets between pods are lost',
  args: {node: 'worker-4'},
  evidence: ['worker-4: ip -j -d addr: tunl0 mtu 1500', 'worker-4: ip -j -d addr: eth0 mtu 1500'],
  fix: [{text: 'Set the MTU in the Installation', command: 'kubectl patch installation default --type merge -p \'{"spec":{"calicoNetwork":{"mtu":1480}}}\''}],
  verify: {text: 'No node is named any more', command: 'calico-doctor check --only mtu'},
})

export const timeouts: Missing[] = ['worker-7', 'worker-8'].map(node => ({fact: 'birdV4', node, ...unknown('timeout', 'no complete answer in 15 s')}))
export const forbidden = (names: number): Missing[] =>
  workers(names).map(({name}) => ({fact: 'links', node: name, ...unknown('forbidden', 'pods/exec in calico-system')}))

export function reportOf(checks: readonly CheckReport[], more: Partial<Report> = {}): Report {
  const findings = checks.flatMap(item => item.findings)
  const of = (status: string) => checks.filter(item => item.status === status).length
  const severity = (name: string) => findings.filter(item => item.severity === name).length
  return {
    tool: {version: '0.1.0'},
    takenAt: '2026-11-21T03:16:05.123Z',
    durationMs: 2140,
    source: {kind: 'live', context: 'prod', server: 'https://10.0.0.1:6443'},
    cluster,
    summary: {
      error: severity('error'),
      warning: severity('warning'),
      info: severity('info'),
      pass: of('pass'),
      unknown: of('unknown'),
      notApplicable: of('not-applicable'),
      suppressed: of('suppressed'),
      crashed: of('crashed'),
    },
    coverage: {percent: 100, nodes: {wanted: 12, seen: 12, missing: []}, facts: {missing: []}},
    checks,
    ...more,
  }
}

export const healthy = reportOf([
  check('bgp/bird-not-running'),
  check('bgp/session-down'),
  check('datastore/mode'),
  check('ebpf/kernel', 'not-applicable', {reason: 'the dataplane is iptables and eBPF was not asked for'}),
  check('mtu/too-large'),
  check('typha/missing'),
])
export const incident = reportOf(
  [
    check('bgp/bird-not-running', 'unknown', {missing: timeouts}),
    check('bgp/session-down', 'fail', {findings: [finding()], missing: timeouts}),
    check('datastore/mode'),
    check('ebpf/kernel', 'not-applicable', {reason: 'the dataplane is iptables and eBPF was not asked for'}),
    check('mtu/too-large', 'fail', {findings: [mtu]}),
    check('typha/missing'),
  ],
  {coverage: {percent: 96, nodes: {wanted: 12, seen: 10, missing: timeouts.map(({node, why, detail}) => ({node: node!, why, detail}))}, facts: {missing: []}}},
)
const refused = unknown('forbidden', 'list nodes: 403')
export const blind = reportOf(
  [
    check('bgp/session-down', 'unknown', {missing: forbidden(12)}),
    check('datastore/mode', 'unknown', {reason: 'two DaemonSets disagree'}),
    check('mtu/too-large', 'crashed', {reason: 'TypeError: x is undefined\n    at run (mtu.js:1:1)'}),
    check('typha/missing', 'suppressed', {reason: 'planned for May'}),
  ],
  {
    cluster: {...cluster, kubernetesVersion: refused, nodes: refused, dataplane: known('iptables', 'page 2 failed')},
    coverage: {
      percent: 20,
      nodes: {wanted: 12, seen: 0, missing: forbidden(12).map(({node, why, detail}) => ({node: node!, why, detail}))},
      facts: {missing: [{fact: 'nodes', why: 'forbidden', detail: 'list nodes: 403'}]},
    },
  },
)
