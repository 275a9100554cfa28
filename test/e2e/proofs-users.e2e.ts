import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import {scenario} from '../../src/demo/index.ts'
import {rightsIn, rolesIn} from '../cli/printed-rights.ts'
import type {Identity} from './api.ts'
import type {AuditEntry} from './audit-log.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {accountWith, bind, rolesOf, settled} from './proof-roles.ts'
import {checkAs, type Document, passesOf, runAs} from './proof-run.ts'
import {refusedNeeds} from './proof-seen.ts'

const size = 6
/** Why a check may pass although a request behind its needs was refused. */
const spared: Readonly<Record<string, string>> = {
  'datastore/mode installation': "calico-node's own environment says it; the Installation only joins in",
  'datastore/mode calico-daemon-sets': 'refused in the whole cluster, then listed where Calico runs',
  'typha/incomplete calico-daemon-sets': 'the same',
}
const noExec = (verbs: string) => `no right to exec into pods of kube-system (pods/exec, ${verbs})`

describe.skipIf(whyNone !== undefined)('users who may not see everything', () => {
  let cluster: RealCluster
  const users: Record<string, Identity> = {}
  beforeAll(async () => {
    cluster = await startReal(scenario('healthy', {nodes: size}))
    // The rules of ClusterRole view: a controller would gather them there, and none runs here.
    await bind(cluster.admin, 'viewer', 'system:aggregate-to-view')
    await bind(cluster.admin, 'tenant', 'system:aggregate-to-view', 'kube-system')
    for (const name of ['viewer', 'tenant', 'nobody']) users[name] = await cluster.addUser(name)
    users.auditor = await cluster.addUser('auditor', ['system:masters'])
  })
  afterAll(() => cluster?.close())

  const logOf = async (name: string) => (await cluster.auditLog()).filter(({user}) => user === name || user === `system:serviceaccount:default:${name}`)

  async function noPassUnseen(name: string, report: Document): Promise<void> {
    const log = await logOf(name)
    const checks = await loadChecks(passesOf(report))
    const unseen = checks.flatMap(check => refusedNeeds(check, log, size).map(need => `${check.id} ${need}`))
    expect(unseen.filter(what => !(what in spared))).toEqual([])
  }

  test('whole runs ask only for what they may, and for no secret', async () => {
    const {stdout} = await runAs(users.auditor!, ['check', '--print-rbac'])
    const rights = rightsIn(rolesIn(stdout))
    const withExec = (...verbs: string[]) => rolesOf(rights.filter(({resource, verb}) => resource !== 'pods/exec' || verbs.includes(verb)))
    for (const [name, verbs] of Object.entries({'no-exec': [], 'get-only': ['get'], 'create-only': ['create']}))
      users[name] = await accountWith(cluster, name, withExec(...verbs))
    await settled()
    for (const argv of [['check'], ['node', 'status'], ['node', 'status', '-o=wide'], ['node', 'status', 'worker-*']])
      expect(await runAs(users.auditor!, argv)).toMatchObject({code: 0, stderr: ''})
    expect(await runAs(users.auditor!, ['check', '--exec=none'])).toMatchObject({code: 3, stdout: expect.stringContaining('not asked: ')})
    const log = await logOf('auditor')
    // -o wide asks for every session in full once it knows that they are not too many.
    expect(log.filter(({subresource, status}) => subresource === 'exec' && status === 101)).toHaveLength(4 * size + 3)
    expect(log.filter(entry => !isAllowed(entry))).toEqual([])
    expect(new Set(log.map(({userAgent}) => userAgent))).toEqual(new Set(['calico-doctor']))
  })

  test.each([
    ['nobody', 0, 'User "nobody" cannot list resource "nodes" in API group "" at the cluster scope'],
    ['viewer', 2, 'User "viewer" cannot list resource "ippools" in API group "crd.projectcalico.org" at the cluster scope'],
    ['tenant', 1, 'User "tenant" cannot list resource "nodes" in API group "" at the cluster scope'],
  ])('%s: nothing passes that was not seen, and the missing right is named', async (name, passes, detail) => {
    const {code, report, stderr} = await checkAs(users[name]!)
    expect({code, stderr}).toEqual({code: 3, stderr: ''})
    expect(report.summary).toMatchObject({error: 0, warning: 0, crashed: 0})
    expect(report.summary.pass).toBeGreaterThanOrEqual(passes)
    if (passes === 0) expect(report.summary.pass).toBe(0)
    expect(report.coverage.facts.missing).toContainEqual({fact: expect.any(String), why: 'forbidden', detail: expect.stringContaining(detail)})
    await noPassUnseen(name, report)
    expect(await runAs(users[name]!, ['check'])).toMatchObject({code: 3, stdout: expect.stringMatching(/\nNext +calico-doctor check --print-rbac\n$/)})
    expect(await runAs(users[name]!, ['node', 'status'])).toMatchObject({code: 3, stdout: expect.stringMatching(/forbidden: /)})
  })

  test.each([
    ['no-exec', noExec('verbs get and create')],
    ['get-only', noExec('verb create, which Kubernetes 1.35 and later want beside get')],
    ['create-only', noExec('verb get')],
  ])('%s: what the API shows is judged, each node is forbidden, and the missing verb is named', async (name, detail) => {
    const {code, report} = await checkAs(users[name]!)
    expect(code).toBe(3)
    expect(report.coverage.nodes).toMatchObject({wanted: size, seen: 0})
    expect(report.coverage.nodes.missing).toEqual(Array(size).fill({node: expect.any(String), why: 'forbidden', detail}))
    expect(passesOf(report)).toEqual(expect.arrayContaining(['cidr/pools-overlap', 'install/node-pods', 'typha/missing']))
    await noPassUnseen(name, report)
    const {code: exit, stdout} = await runAs(users[name]!, ['node', 'status', '-o=json'])
    expect(exit).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({totals: {nodes: size, seen: 0, sessions: 0}, notSeen: Array(size).fill({why: 'forbidden', detail})})
  })

  test('with a right missing, requests are still those of reading', async () => {
    const log = (await cluster.auditLog()).filter(({userAgent}) => userAgent === 'calico-doctor')
    expect(new Set(log.map(({user}) => user)).size).toBe(7)
    expect(log.filter(entry => !isAllowed(entry))).toEqual([])
  })
})

/** design.md, "Access". */
function isAllowed({verb, group, resource, subresource, uri}: AuditEntry): boolean {
  if (resource === '') return verb === 'get' && ['/version', '/api', '/apis'].includes(uri)
  if (resource === 'selfsubjectaccessreviews') return verb === 'create' && group === 'authorization.k8s.io'
  if (resource === 'pods' && subresource === 'exec') return verb === 'get' || verb === 'create'
  return ['get', 'list', 'watch'].includes(verb) && subresource === '' && resource !== 'secrets'
}
