import {expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import {type ClusterState, change, scenario} from '../../src/demo/index.ts'
import {type Collected, known, unknown, type Why} from '../../src/engine/collected.ts'
import {exitCode} from '../../src/engine/exit-code.ts'
import type {CheckReport, Report} from '../../src/engine/report.ts'
import {type View, type Watched, watched} from '../helpers/partial-view.ts'

/**
 * Each list, object and probe is refused, stalled, failed and cut, one at a time: no check passes that failed of the whole, none says that it does not
 * apply, no fault is invented, and a fault goes only with what proves it.
 */
const checks = await loadChecks()
const whys = ['forbidden', 'timeout', 'failed'] as const
const refused = (why: Why) => (): Collected<never> => unknown(why, `simulated ${why}`)

/** A page that came, and then 410 or the end of the time. */
const cutAfter =
  (share: number) =>
  (whole: Collected<unknown>): Collected<unknown> => {
    if (!whole.known || !Array.isArray(whole.value)) return whole
    const kept = whole.value.slice(0, Math.floor(whole.value.length * share))
    return known(kept, `only the first ${kept.length}: simulated 410`)
  }

function viewsOf({keys, sources}: Watched): [name: string, view: View][] {
  const losses = {...Object.fromEntries(whys.map(why => [why, refused(why)])), 'cut to none': cutAfter(0), 'cut to half': cutAfter(0.5)}
  return [
    ...[...keys].flatMap(key =>
      Object.entries(losses)
        .filter(([loss]) => key.startsWith('list ') || !loss.startsWith('cut'))
        // What is refused everywhere is refused in each namespace too.
        .map(([loss, of]): [string, View] => [
          `${key}: ${loss}`,
          {api: (other, whole) => (other === key || other.startsWith(`${key} in `) ? of(whole) : whole)},
        ]),
    ),
    ...[...sources].flatMap(source =>
      whys.map((why): [string, View] => [`${source}: ${why}`, {probe: (other, _node, whole) => (other === source ? refused(why)() : whole)}]),
    ),
    ['exec: none', {noExec: true}],
    ['exec: forbidden', {probe: refused('forbidden')}],
    ['exec: one node silent', {probe: (_source, node, whole) => (node === 'control-1' ? refused('timeout')() : whole)}],
  ]
}

const failing = ({checks: judged}: Report) => new Map(judged.flatMap(check => (check.status === 'fail' ? [[check.id, check] as const] : [])))
const told = ({findings}: CheckReport) => findings.map(({messageId, message}) => `${messageId}: ${message}`).join(' | ')

/** What is wrong with a report of a part, beside the report of the whole. */
function wrongOf(part: Report, whole: Report): string[] {
  const faults = failing(whole)
  const ofCheck = (check: CheckReport): string[] => {
    if (check.status === 'crashed') return [`${check.id} crashed: ${check.reason}`]
    if (check.status === 'fail') return faults.has(check.id) ? [] : [`${check.id} invents ${told(check)}`]
    if (faults.has(check.id) && check.status !== 'unknown') return [`${check.id} is ${check.status}, and of the whole it fails`]
    return check.status === 'pass' && check.missing.length > 0 ? [`${check.id} passes without ${check.missing[0]!.fact}`] : []
  }
  const missing = part.checks.some(check => check.status !== 'not-applicable' && check.missing.length > 0)
  return [
    ...part.checks.flatMap(ofCheck),
    ...(missing && part.coverage.percent === 100 ? ['all is said to be seen'] : []),
    ...(exitCode(part, {failOn: 'error', minCoverage: 90}) === expectedExit(part) ? [] : ['the exit code is another']),
  ]
}
const expectedExit = ({summary: {error}, coverage: {percent}}: Report) => (error > 0 ? 1 : percent < 90 ? 3 : 0)

/** What of which loss a fault may be no finding any more; without any other it has to be said. */
const where = 'list apps/v1/daemonsets|get /api/v1/namespaces/kube-system/configmaps/calico-config'
const resources = 'get /apis:'
const onNodes = 'list /v1/nodes|list apps/v1/daemonsets|list /v1/pods|exec'
const provenBy: Readonly<Record<string, RegExp>> = {
  'bgp/bird-not-running': new RegExp(`^(${onNodes}|node/bird-v4)`),
  'bgp/no-peers': new RegExp(`^(list /v1/nodes|${where}|${resources}|list crd.projectcalico.org/v1/(bgpconfigurations|bgppeers|felixconfigurations|ippools))`),
  'bgp/session-down': new RegExp(`^(${onNodes}|node/bird-v4)`),
  'cidr/nodes-overlap': new RegExp(`^(list /v1/nodes|${resources}|list crd.projectcalico.org/v1/ippools)`),
  'cidr/pools-overlap': new RegExp(`^(${resources}|list crd.projectcalico.org/v1/ippools)`),
  'cidr/services-overlap': new RegExp(`^(${resources}|list crd.projectcalico.org/v1/ippools)`),
  'datastore/disagreement': /^list apps\/v1\/(daemonsets|deployments)/,
  'datastore/locked': new RegExp(`^(${resources}|get /apis/crd.projectcalico.org/v1/clusterinformations/default)`),
  'ebpf/kernel': new RegExp(`^(list /v1/nodes|list apps/v1/daemonsets|${resources}|list crd.projectcalico.org/v1/felixconfigurations)`),
  'encapsulation/ipip-on-azure': new RegExp(`^(list /v1/nodes|${resources}|list crd.projectcalico.org/v1/ippools)`),
  'install/node-pods': /^list (apps\/v1\/daemonsets|\/v1\/pods)/,
  'mtu/config-disagreement': new RegExp(`^(${where}|${onNodes}|${resources}|node/cni-config|list crd.projectcalico.org/v1/felixconfigurations)`),
  'mtu/inconsistent': new RegExp(`^(${onNodes}|${resources}|node/links|list crd.projectcalico.org/v1/ippools)`),
  'mtu/too-large': new RegExp(`^(${onNodes}|${resources}|node/links|list crd.projectcalico.org/v1/ippools)`),
  'node/address-duplicate': /^list \/v1\/nodes/,
  'node/address-mismatch': /^list \/v1\/nodes/,
  'typha/incomplete': new RegExp(`^(${where}|list apps/v1/deployments|get /api/v1/namespaces/kube-system/services/calico-typha)`),
}
const gone = (part: Report, whole: Report, loss: string): string[] =>
  [...failing(whole).keys()].filter(id => !failing(part).has(id) && !provenBy[id]?.test(loss)).map(id => `${id} is not said any more`)

const v1 = (resource: string) => `${resource}.crd.projectcalico.org`

/** Faults that the incident has not. */
function otherIncident(): ClusterState {
  const state = scenario('healthy', {nodes: 6})
  const put = (resource: string, name: string, spec: object) => void (state.objects[v1(resource)] ??= []).push({metadata: {name}, spec})
  const annotate = (name: string, address: string) =>
    change(state, {resource: 'nodes', name}, ({metadata}) => Object.assign(metadata.annotations, {'projectcalico.org/IPv4Address': address}))
  put('bgpconfigurations', 'default', {nodeToNodeMeshEnabled: false})
  put('bgppeers', 'reflectors', {nodeSelector: 'all()', peerSelector: 'has(no-such-label)'})
  put('ippools', 'wide', {cidr: '10.0.0.0/8', ipipMode: 'Never', vxlanMode: 'Never', natOutgoing: true})
  annotate('worker-01', '172.17.0.1/16')
  annotate('worker-02', '172.17.0.1/16')
  change(state, {resource: 'configmaps', name: 'calico-config'}, ({data}) => Object.assign(data, {veth_mtu: '1500'}))
  change(state, {resource: v1('felixconfigurations'), name: 'default'}, ({spec}) => Object.assign(spec, {ipipMTU: 1400}))
  change(state, {resource: v1('clusterinformations'), name: 'default'}, ({spec}) => Object.assign(spec, {datastoreReady: false}))
  return state
}

test.each<[string, () => ClusterState, number]>([
  ['healthy', () => scenario('healthy', {nodes: 6}), 0],
  ['operator', () => scenario('operator', {nodes: 5}), 0],
  ['canal', () => scenario('canal', {nodes: 5}), 0],
  ['incident', () => scenario('incident', {nodes: 12}), 10],
  ['other incident', otherIncident, 8],
])(
  '%s, seen in part in every way',
  async (_name, state, faulty) => {
    const cluster = await watched(state(), checks)
    const whole = await cluster.look()
    expect(failing(whole).size, [...failing(whole).keys()].join()).toBeGreaterThanOrEqual(faulty)
    expect(whole.coverage.percent).toBe(100)
    const wrong: string[] = []
    for (const [loss, view] of viewsOf(cluster)) {
      const part = await cluster.look(view)
      wrong.push(...[...wrongOf(part, whole), ...gone(part, whole, loss)].map(line => `${loss}: ${line}`))
    }
    expect(wrong).toEqual([])
  },
  60_000,
)
