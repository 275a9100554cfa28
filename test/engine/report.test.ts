import {expect, test} from 'vitest'
import {defineCheck, type Severity, undecided} from '../../src/engine/check.ts'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import {exitCode} from '../../src/engine/exit-code.ts'
import type {FactTable} from '../../src/engine/facts.ts'
import {report} from '../../src/engine/report.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'

const base = {why: '', docs: [], title: 'fine', failureTitle: 'not fine', examples: {}}
const message = (severity: Severity) => ({severity, text: (a: {n: string}) => `${a.n} is off`, fix: () => [{text: 'mend it'}]})
const onMtu = defineCheck({
  ...base,
  id: 'mtu/sample',
  needs: ['mtuFile'],
  messages: {bad: message('error'), odd: message('warning')},
  *run({mtuFile}, say) {
    for (const [node, mtu] of Object.entries(mtuFile)) {
      const where = {subjects: [{kind: 'Node', name: node}]}
      if (mtu.known && mtu.value > 9000) yield say.odd({n: node}, where)
      if (mtu.known && mtu.value > 1500) yield say.bad({n: node}, where)
    }
  },
})
const onPools = defineCheck({
  ...base,
  id: 'cidr/sample',
  needs: ['ipPools'],
  messages: {bad: message('error')},
  notApplicable: ({ipPools}) => (ipPools.some(pool => pool.name === 'none') ? 'no pool counts' : undefined),
  *run({ipPools}) {
    if (ipPools.length === 0) yield undecided('there is no pool to judge')
    if (ipPools.length > 5) throw new Error('too many')
  },
})

const snapshot = (nodes: string[]): Snapshot => ({
  schema: 1,
  takenAt: '2026-01-01T00:00:00.000Z',
  durationMs: 5,
  source: {kind: 'live'},
  settings: {exec: 'pod', checks: [], nodes: []},
  nodesWanted: known(nodes),
  evidence: {},
})
const judge = (mtu: Record<string, Collected<number>>, pools: Collected<{name: string; spec: {cidr: string}}[]>) =>
  report(
    snapshot(Object.keys(mtu)),
    {mtuFile: known(mtu), ipPools: pools, install: known({title: 'x', namespace: 'y', others: []})} as unknown as FactTable,
    [onMtu, onPools],
    {version: '0'},
  )
const pool = (name: string) => ({name, spec: {cidr: '10.0.0.0/16'}})
const statuses = (judged: ReturnType<typeof judge>) => Object.fromEntries(judged.checks.map(check => [check.id, check.status]))
const thresholds = {failOn: 'error', minCoverage: 90} as const

test('all seen, nothing wrong', () => {
  const judged = judge({a: known(1450)}, known([pool('p')]))
  expect(statuses(judged)).toEqual({'mtu/sample': 'pass', 'cidr/sample': 'pass'})
  expect(judged.coverage).toMatchObject({percent: 100, nodes: {wanted: 1, seen: 1, missing: []}, facts: {missing: []}})
  expect(exitCode(judged, thresholds)).toBe(0)
})

test('findings come in total order, whatever the order of the facts', () => {
  const findings = (names: string[]) =>
    judge(Object.fromEntries(names.map(name => [name, known(9001)])), known([pool('p')])).checks.flatMap(check =>
      check.findings.map(finding => finding.message + finding.severity),
    )
  expect(findings(['b', 'a'])).toEqual(findings(['a', 'b']))
  expect(findings(['b', 'a'])).toEqual(['a is offerror', 'b is offerror', 'a is offwarning', 'b is offwarning'])
})

test('a fault is said although a node was not seen, and the node is missing', () => {
  const judged = judge({a: known(9000), b: unknown('timeout', '15 s')}, known([pool('p')]))
  expect(judged.checks.find(check => check.id === 'mtu/sample')).toMatchObject({status: 'fail', missing: [{node: 'b', why: 'timeout'}]})
  expect(judged.coverage).toMatchObject({percent: 66, nodes: {wanted: 2, seen: 1, missing: [{node: 'b', why: 'timeout', detail: '15 s'}]}})
  expect(exitCode(judged, thresholds), 'findings beat coverage').toBe(1)
})

test.each([
  ['an unseen fact', {a: known(1450)}, unknown('forbidden', '403'), 'unknown', 3],
  ['a partly seen fact', {a: known(1450)}, known([pool('p')], 'page 2 was cut'), 'unknown', 3],
  ['an undecided check', {a: known(1450)}, known([]), 'unknown', 0],
  ['a check that does not apply', {a: known(1450)}, known([pool('none')]), 'not-applicable', 0],
  ['a check that throws', {a: known(1450)}, known('123456'.split('').map(pool)), 'crashed', 70],
] as const)('%s', (_name, mtu, pools, status, code) => {
  const judged = judge(mtu, pools as never)
  expect(statuses(judged)['cidr/sample']).toBe(status)
  expect(exitCode(judged, thresholds)).toBe(code)
})

test('a check that does not apply neither counts nor lowers coverage', () => {
  expect(judge({a: unknown('timeout', '15 s')}, known([pool('none')])).coverage).toMatchObject({percent: 0, facts: {missing: []}})
})

test('nodes that are missing from a list in doubt are not counted twice', () => {
  const mtuFile = known({a: known(1450), b: unknown('forbidden', '403')}, 'nodes could not be listed')
  const table = {mtuFile, ipPools: known([pool('p')])} as unknown as FactTable
  expect(report(snapshot(['a', 'b']), table, [onMtu, onPools], {version: '0'}).coverage.percent).toBe(33)
})

test('without nodes, what nobody asked of them is not listed as refused', () => {
  const forbidden = unknown('forbidden', '403')
  const table = {mtuFile: forbidden, ipPools: known([pool('p')]), nodes: forbidden, birdWideV4: forbidden} as unknown as FactTable
  const {missing} = report({...snapshot([]), nodesWanted: forbidden}, table, [onMtu, onPools], {version: '0'}).coverage.facts
  expect(missing.map(({fact}) => fact)).toEqual(['mtuFile', 'nodes'])
})

test('what was seen in part cannot prove that a check does not apply', () => {
  expect(statuses(judge({a: known(1450)}, known([pool('none')], 'page 2 was cut')))['cidr/sample']).toBe('unknown')
})

test.each([
  ['error', 0],
  ['warning', 1],
  ['info', 1],
] as const)('--fail-on %s with only a warning', (failOn, code) => {
  const judged = judge({a: known(1450)}, known([pool('p')]))
  expect(exitCode({...judged, summary: {...judged.summary, warning: 1}}, {failOn, minCoverage: 90})).toBe(code)
})

test('no Calico found is 3, although all was seen', () => {
  const judged = judge({a: known(1450)}, known([pool('p')]))
  expect(exitCode({...judged, cluster: {...judged.cluster, install: unknown('absent', '')}}, thresholds)).toBe(3)
})
