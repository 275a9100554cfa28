import {load, loadAll} from 'js-yaml'
import {afterAll, expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import {type Rule, startSimulatedCluster} from '../../src/demo/index.ts'
import {report} from '../../src/engine/report.ts'
import {reportDocument} from '../../src/reporters/document.ts'
import {lookAt} from '../demo/look.ts'
import {runCli, tempFile} from './run-cli.ts'

const cluster = await startSimulatedCluster({scenario: 'healthy', nodes: 4})
afterAll(() => cluster.close())
const kubeconfig = () => tempFile('kubeconfig', cluster.kubeconfig)

/** design.md, Access. */
function isAllowed({verb, resource, subresource}: {verb: string; resource?: string; subresource?: string}): boolean {
  if (resource === 'selfsubjectaccessreviews') return verb === 'create'
  if (resource === 'secrets') return false
  if (subresource === 'exec') return verb === 'get' || verb === 'create'
  return ['get', 'list', 'watch'].includes(verb)
}

test.each([[['check']], [['node', 'status']], [['node', 'status', '-o=wide']], [['check', '--print-rbac']]])('%j makes read-only requests only', async argv => {
  const before = cluster.requests.length
  const {code} = await runCli([...argv, `--kubeconfig=${kubeconfig()}`])
  const requests = cluster.requests.slice(before)
  expect(code).toBe(0)
  expect(requests.length).toBeGreaterThan(5)
  expect(requests.filter(request => !isAllowed(request as never))).toEqual([])
})

interface Role {
  kind: string
  metadata: {namespace?: string}
  rules: {apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[]}[]
}
type PrintedRule = Role['rules'][number] & Pick<Rule, 'namespaces'>
async function printedRules(): Promise<PrintedRule[]> {
  const {stdout} = await runCli(['check', '--print-rbac', `--kubeconfig=${kubeconfig()}`])
  const roles = loadAll(stdout) as unknown as Role[]
  return roles.flatMap(({metadata, rules}) => rules.map(rule => ({...rule, ...(metadata.namespace !== undefined && {namespaces: [metadata.namespace]})})))
}

test('--print-rbac is enough for a full run, and never asks for exec or more in the whole cluster', async () => {
  const rules = await printedRules()
  expect(rules.filter(rule => rule.resources.some(resource => resource.includes('/') || resource === 'secrets') && !rule.namespaces)).toEqual([])
  const {stdout, code} = await runCli(['check', '-o=json', `--kubeconfig=${tempFile('kubeconfig', cluster.addUser('least', rules))}`])
  const {coverage, cluster: described} = JSON.parse(stdout) as {coverage: {percent: number; facts: object}; cluster: {notSeen: unknown[]}}
  expect(coverage).toMatchObject({percent: 100, facts: {missing: []}})
  expect(described.notSeen).toEqual([])
  expect(code).toBe(0)
})

test('one rule less is noticed, whichever it is', async () => {
  const [rules, checks] = [await printedRules(), await loadChecks()]
  for (const [index, rule] of rules.entries()) {
    const fewer = rules.filter(other => other !== rule)
    const {snapshot, table} = await lookAt({kubeconfig: cluster.addUser(`less-${index}`, fewer)}, checks)
    const {coverage, cluster: described} = reportDocument(report(snapshot, table, checks, {version: 'test'}))
    const said = coverage.percent < 100 || coverage.facts.missing.some(({why}) => why === 'forbidden') || described.notSeen.length > 0
    expect(said, `without ${JSON.stringify(rule)}`).toBe(true)
  }
})

test('a user with no right at all gets no pass', async () => {
  const {stdout, code} = await runCli(['check', '-o=json', `--kubeconfig=${tempFile('kubeconfig', cluster.addUser('nobody', []))}`])
  const {checks} = load(stdout) as {checks: {id: string; status: string}[]}
  expect(checks.filter(({status}) => status === 'pass')).toEqual([])
  expect(code).toBe(3)
})

test('a user without exec: what the API shows is judged, the rest is forbidden', async () => {
  const rules = (await printedRules()).map(rule => ({...rule, resources: rule.resources.filter(resource => resource !== 'pods/exec')}))
  const {stdout} = await runCli(['check', '-o=json', `--kubeconfig=${tempFile('kubeconfig', cluster.addUser('no-exec', rules))}`])
  const {checks, coverage} = JSON.parse(stdout) as {checks: {id: string; status: string}[]; coverage: {nodes: {missing: {why: string; detail: string}[]}}}
  expect(checks.find(({id}) => id === 'cidr/pools-overlap')?.status).toBe('pass')
  expect(checks.find(({id}) => id === 'bgp/bird-not-running')?.status).toBe('unknown')
  expect(coverage.nodes.missing.map(({why}) => why)).toEqual(Array(4).fill('forbidden'))
})
