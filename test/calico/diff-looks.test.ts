import {expect, test} from 'vitest'
import {diffExitCode} from '../../src/calico/diff-exit-code.ts'
import {judgedOf} from '../../src/calico/diff-judged.ts'
import {diffLooks, type Look} from '../../src/calico/diff-looks.ts'
import type {Finding} from '../../src/engine/check.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import type {CheckReport, Report} from '../../src/engine/report.ts'
import {renderDiff} from '../../src/reporters/bundle-diff.ts'
import {tableOf} from '../checks/table.ts'
import {bird, down, kubeNode, mesh, noBird, nodeNames, session} from '../reporters/node-status-facts.ts'
import {hasRenderer, rendered} from '../reporters/rendered.ts'
import {check, finding, reportOf, screen, workers} from '../reporters/reports.ts'

type Given = Parameters<typeof tableOf>[0]
let seconds = 0
function look(file: string, given: Given = {}, checks: readonly CheckReport[] = [check('bgp/session-down')], more: Partial<Report> = {}): Look {
  const names = nodeNames(4)
  const table = tableOf({kubeNodes: names.map(name => kubeNode(name)), nodes: names.map(name => kubeNode(name)), ...given})
  const takenAt = new Date(Date.UTC(2026, 10, 21, 3, 0, seconds++)).toISOString()
  const wanted = table.kubeNodes.known ? known(table.kubeNodes.value.map(({name}) => name)) : table.kubeNodes
  return {file, tool: known('0.1.0'), ...judgedOf(reportOf(checks, {takenAt, ...more}), table, wanted)}
}
const diffOf = (a: Look, b: Look) => ({diff: diffLooks(a, b), exit: diffExitCode(diffLooks(a, b), [a.report, b.report], {failOn: 'error', minCoverage: 90})})
const text = (a: Look, b: Look) => renderDiff(diffLooks(a, b), 'table', {...screen, width: 120})
const failing = (findings: readonly Finding[], more: Partial<CheckReport> = {}) => check('bgp/session-down', 'fail', {findings, ...more})
const on = (count: number, more: Partial<Finding> = {}) => finding({subjects: workers(count), ...more})

test('settings, field by field', () => {
  const pool = (spec: object) => [{name: 'default-ipv4-ippool', spec: {cidr: '10.244.0.0/16', ...spec}}]
  const a = look('a', {ipPools: pool({ipipMode: 'Always', blockSize: 26}), calicoConfig: {namespace: 'k', name: 'calico-config', data: {veth_mtu: '0'}}})
  const b = look('b', {ipPools: pool({ipipMode: 'Never', natOutgoing: true}), calicoConfig: unknown('absent')})
  expect(diffLooks(a, b).configuration.changes.map(({what, before, after}) => [what, before, after])).toEqual([
    ['ippool default-ipv4-ippool: blockSize', '26', null],
    ['ippool default-ipv4-ippool: ipipMode', 'Always', 'Never'],
    ['ippool default-ipv4-ippool: natOutgoing', null, 'true'],
    ['configmap calico-config', 'veth_mtu 0', null],
  ])
  expect(text(a, b)).toContain('ippool default-ipv4-ippool: ipipMode: Always → Never')
})

test('what one look did not see is not comparable, and what was seen in part lost nothing', () => {
  const pools = (...names: string[]) => names.map(name => ({name, spec: {cidr: '10.0.0.0/8'}}))
  const a = look('a', {ipPools: pools('one', 'two'), bgpPeers: []})
  const b = look('b', {ipPools: known(pools('two', 'three'), 'page 2 failed'), bgpPeers: unknown('forbidden', 'may not list bgppeers')})
  const {changes, notComparable} = diffLooks(a, b).configuration
  expect(changes.map(({what}) => what)).toEqual(['ippool three'])
  expect(notComparable).toContainEqual({what: 'bgppeer', side: 'B', why: 'forbidden', detail: 'may not list bgppeers', nodes: []})
  expect(notComparable).toContainEqual(expect.objectContaining({what: 'ippool', side: 'B', detail: 'seen in part: page 2 failed'}))
  expect(text(a, b)).toContain('? not comparable: bgppeer not seen in B: forbidden, may not list bgppeers')
})

test('nodes that came, went and changed', () => {
  const nodes = (names: readonly string[], more = {}) => names.map(name => ({...kubeNode(name), ...more}))
  const [one, other] = [nodes(nodeNames(3)), [...nodes(['worker-1', 'worker-2'], {kernelVersion: '6.8.0'}), ...nodes(['worker-4'])]]
  const {nodes: diff} = diffLooks(look('a', {kubeNodes: one, nodes: one}), look('b', {kubeNodes: other, nodes: other}))
  expect(diff.changes).toEqual([
    {what: 'kernel', before: '6.1.0', after: '6.8.0', nodes: ['worker-1', 'worker-2']},
    {what: 'node', before: 'there', after: null, nodes: ['worker-3']},
    {what: 'node', before: null, after: 'there', nodes: ['worker-4']},
  ])
})

test('sessions: what is down is told by peer, with why; a node that was not seen lost none', () => {
  const names = nodeNames(4)
  const lost = down('10.0.0.4', {bgpState: 'Active', error: 'Socket: No route to host'})
  const broken = Object.fromEntries(
    names.slice(0, 3).map((name, i) => {
      const others = names.flatMap((_, j) => (i === j || j === 3 ? [] : [session(`10.0.0.${j + 1}`)]))
      return [name, bird(...others, lost)]
    }),
  )
  const a = look('a', {birdV4: mesh(nodeNames(4))})
  const b = look('b', {birdV4: {...broken, 'worker-4': unknown('timeout', 'no complete answer in 15 s')}})
  const {sessions} = diffLooks(a, b)
  expect(sessions.changes).toEqual([
    {
      sessions: 3,
      family: 'IPv4',
      nodes: ['worker-1', 'worker-2', 'worker-3'],
      peers: [{address: '10.0.0.4', node: 'worker-4'}],
      before: 'Established',
      after: 'Active (Socket: No route to host)',
      turn: 'worse',
    },
  ])
  expect(sessions.notComparable).toContainEqual(expect.objectContaining({side: 'B', why: 'timeout', nodes: ['worker-4']}))
  expect(text(a, b)).toContain('✗ 3 nodes: worker-1, worker-2, worker-3 → 10.0.0.4 (worker-4)  Established → Active (Socket: No route to host)')
  const dead = diffLooks(a, look('b', {birdV4: {...mesh(nodeNames(4)), 'worker-1': noBird()}}))
  expect(dead.sessions.changes).toEqual([expect.objectContaining({nodes: ['worker-1'], peers: [], before: 'BIRD runs', turn: 'worse'})])
})

test('routes are compared where both looks counted them', () => {
  const wide = (imported: number) => ({'worker-1': known([{name: 'Mesh_10_0_0_2', imported, exported: 1}])})
  expect(diffLooks(look('a', {birdWideV4: wide(12)}), look('b', {birdWideV4: wide(7)})).routes.changes).toEqual([
    {what: 'IPv4 routes imported', before: '12', after: '7', nodes: ['worker-1']},
  ])
  expect(diffLooks(look('a', {birdWideV4: wide(12)}), look('b')).routes).toMatchObject({changes: [], notComparable: [{side: 'B', what: 'routes'}]})
})

test('findings: new, worse, still there, fixed', () => {
  const fresh = diffOf(look('a'), look('b', {}, [failing([on(2)])]))
  expect(fresh).toMatchObject({exit: 1, diff: {findings: {new: [{finding: {subjects: workers(2)}}], fixed: [], still: []}}})
  const fixed = diffOf(look('a', {}, [failing([on(2)])]), look('b'))
  expect(fixed).toMatchObject({exit: 0, diff: {findings: {fixed: [{finding: {subjects: workers(2)}}], new: [], notJudged: []}}})
  const same = diffOf(look('a', {}, [failing([on(2)])]), look('b', {}, [failing([on(2, {message: 'told otherwise'})])]))
  expect(same).toMatchObject({exit: 0, diff: {findings: {still: [{added: [], cleared: []}], new: [], fixed: []}}})
  const spread = diffOf(look('a', {}, [failing([on(2)])]), look('b', {}, [failing([on(3)])]))
  expect(spread).toMatchObject({exit: 1, diff: {findings: {still: [{added: [{name: 'worker-3'}], cleared: []}]}}})
  const missing = [{fact: 'birdV4', node: 'worker-3', ...unknown('timeout')}] as const
  const shrunk = diffOf(look('a', {}, [failing([on(3)])]), look('b', {}, [failing([on(1)], {missing})]))
  expect(shrunk.diff.findings.still).toMatchObject([{cleared: [{name: 'worker-2'}], notSeen: [{name: 'worker-3'}]}])
  const worse = diffOf(look('a', {}, [failing([on(2, {severity: 'warning'})])]), look('b', {}, [failing([on(2)])]))
  expect(worse).toMatchObject({exit: 1, diff: {findings: {still: [{severityBefore: 'warning'}]}}})
})

test.each<[string, Partial<CheckReport>, string]>([
  ['unknown', {status: 'unknown', missing: [{fact: 'birdV4', ...unknown('forbidden', 'pods/exec')}]}, 'birdV4 forbidden: pods/exec'],
  ['unknown of another node', {status: 'unknown', missing: [{fact: 'birdV4', node: 'worker-9', ...unknown('timeout')}]}, 'birdV4 of worker-9 timeout'],
  ['undecided', {status: 'unknown', reason: 'the list was cut'}, 'the list was cut'],
  ['crashed', {status: 'crashed', reason: 'TypeError'}, 'the check itself failed'],
  ['undecided beside another finding', {status: 'fail', findings: [on(1, {messageId: 'other'})], undecided: ['worker-2 did not say']}, 'worker-2 did not say'],
  [
    'failing elsewhere, its node not seen',
    {status: 'fail', findings: [on(1, {messageId: 'other'})], missing: [{fact: 'birdV4', node: 'worker-2', ...unknown('timeout')}]},
    'birdV4 of worker-2 timeout',
  ],
])('a check that is %s in B fixed nothing', (_, more, reason) => {
  const {diff, exit} = diffOf(look('a', {}, [failing([on(2)])]), look('b', {}, [check('bgp/session-down', 'fail', more)]))
  expect(diff.findings).toMatchObject({fixed: [], notJudged: [{reason}]})
  expect(exit).toBeGreaterThan(0)
})

test('what is fixed where a node that it does not name was not seen; what B did not ask is not', () => {
  const elsewhere = {missing: [{fact: 'birdV4', node: 'worker-4', ...unknown('timeout')}]} as const
  const b = look('b', {}, [failing([on(1, {messageId: 'other', subjects: []})], elsewhere)])
  expect(diffOf(look('a', {}, [failing([on(2)])]), b).diff.findings).toMatchObject({fixed: [{}], notJudged: []})
  const {wanted: _, ...some} = look('b')
  const notAsked = {...some, wanted: new Set(['worker-1'])}
  expect(diffOf(look('a', {}, [failing([on(2)])]), notAsked).diff.findings).toMatchObject({fixed: [], notJudged: [{reason: 'node worker-2 was not asked'}]})
})

test('what A did not see may be old; what passed and is not judged any more is said', () => {
  const blind = check('bgp/session-down', 'unknown', {missing: [{fact: 'birdV4', ...unknown('forbidden', 'pods/exec')}]})
  const {diff} = diffOf(look('a', {}, [blind]), look('b', {}, [failing([on(2)])]))
  expect(diff.findings.new).toMatchObject([{maybeOld: 'birdV4 forbidden: pods/exec'}])
  const lost = diffLooks(look('a'), look('b', {}, [blind]))
  expect(lost.findings.checksNotJudged).toEqual([{check: 'bgp/session-down', reason: 'birdV4 forbidden: pods/exec'}])
  expect(renderDiff(lost, 'table', screen)).toContain('? No difference in what could be compared')
})

test('nothing changed, the same look, the wrong order, two clusters', () => {
  const [a, b] = [look('a'), look('b')]
  expect(text(a, a)).toBe('✓ No difference: both are the same look.\n')
  const edited = {...look('a', {bgpPeers: []}), report: a.report}
  expect(text({...look('a', {bgpPeers: [{name: 'x', spec: {}}]}), report: a.report}, edited)).toContain('bgppeer x: no settings → not there')
  expect(text(a, b)).toContain('? No difference in what could be compared; no findings in either')
  expect(diffLooks(b, a).notes).toEqual([expect.stringContaining('A was taken after B')])
  const of = (clusterGUID: string) => ({clusterInformation: {name: 'default', spec: {clusterGUID}}})
  expect(diffLooks(look('a', of('x')), look('b', of('y'))).notes).toEqual([expect.stringContaining('two clusters')])
})

test('a huge mesh gone bad fits on a page; names stay inert', () => {
  const size = 300
  const good = mesh(nodeNames(size))
  const all = Array.from({length: size}, (_, i) => down(`10.0.${Math.floor((i + 1) / 250)}.${(i + 1) % 250}`))
  const bad = Object.fromEntries(nodeNames(size).map((name, i) => [name, bird(...all.toSpliced(i, 1))]))
  const nodes = nodeNames(size).map(name => kubeNode(name))
  const diff = diffLooks(look('a', {birdV4: good, nodes, kubeNodes: nodes}), look('b\u001b[2J|<b>\n', {birdV4: bad, nodes, kubeNodes: nodes}))
  for (const format of ['table', 'short', 'markdown'] as const) {
    const page = renderDiff(diff, format, screen)
    expect(page.length).toBeLessThan(60_000)
    expect(page).not.toContain('\u001b')
  }
  expect(renderDiff(diff, 'table', screen)).toMatch(/\(89,700\s+sessions\)/)
  expect(renderDiff(diff, 'markdown', screen)).not.toContain('<b>')
})

test.skipIf(!hasRenderer)('as Markdown its tables hold, whatever names say', () => {
  const nasty = ['a|b', '`x|', '</td><script>', '@admin', '![](x)', '\\|', '**', 'a\nb|c']
  const pool = (name: string, cidr: string) => ({name, spec: {cidr}})
  const a = look('a|`', {ipPools: nasty.map(name => pool(name, name))})
  const b = look('b', {ipPools: nasty.map(name => pool(name, `${name}|new`))}, [failing([on(2, {message: nasty.join(' ')})])])
  const {elements, tables} = rendered(renderDiff(diffLooks(a, b), 'markdown', screen))
  expect(tables).toEqual([[2, 2, 2], Array.from({length: nasty.length + 1}, () => 3)])
  expect(elements.filter(name => /script|img|^a$/.test(name))).toEqual([])
})
