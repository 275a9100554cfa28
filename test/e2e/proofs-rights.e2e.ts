import pLimit from 'p-limit'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {scenario} from '../../src/demo/index.ts'
import {isNeededBy, type Right, rightsIn, rightText, rolesIn} from '../cli/printed-rights.ts'
import {type RealCluster, startReal, whyNone} from './cluster.ts'
import {accountWith, rolesOf, settled} from './proof-roles.ts'
import {checkAs, type Document, runAs} from './proof-run.ts'

describe.skipIf(whyNone !== undefined).each(['healthy', 'operator'])('--print-rbac for %s', name => {
  let cluster: RealCluster
  let rights: Right[]
  beforeAll(async () => {
    cluster = await startReal(scenario(name, {nodes: 4}))
  })
  afterAll(() => cluster?.close())

  const auditor = () => cluster.addUser('auditor', ['system:masters'])

  test('applied to a fresh service account is enough for a full run, and nothing of it is idle', async () => {
    const {stdout, stderr, code} = await runAs(await auditor(), ['check', '--print-rbac'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    rights = rightsIn(rolesIn(stdout))
    const least = await accountWith(cluster, 'least', rolesIn(stdout))
    await settled()
    const ran = await checkAs(least)
    expect({code: ran.code, coverage: ran.report.coverage, notSeen: ran.report.cluster.notSeen}).toEqual({
      code: 0,
      coverage: {percent: 100, nodes: {wanted: 4, seen: 4, missing: []}, facts: {missing: []}},
      notSeen: [],
    })
    expect(ran.report.summary).toMatchObject({unknown: 0, crashed: 0, error: 0})
    const log = (await cluster.auditLog()).filter(({user}) => user === 'system:serviceaccount:default:least')
    expect(log.filter(({status}) => status === 403)).toEqual([])
    expect(rights.filter(right => !log.some(asked => isNeededBy(right, asked))).map(rightText)).toEqual([])
  })

  test('one right less is noticed, whichever it is', async () => {
    const less = (right: Right, index: number) => accountWith(cluster, `less-${index}`, rolesOf(rights.filter(other => other !== right)))
    const accounts = await Promise.all(rights.map(less))
    await settled()
    const atOnce = pLimit(3)
    const unnoticed = await Promise.all(
      rights.map((right, index) => atOnce(async () => (isNoticed((await checkAs(accounts[index]!)).report) ? [] : [rightText(right)]))),
    )
    expect(unnoticed.flat()).toEqual([])
  })
})

/** It costs coverage, or a line says what was forbidden. */
const isNoticed = ({coverage, cluster}: Document) =>
  coverage.percent < 100 || coverage.facts.missing.some(({why}) => why === 'forbidden') || cluster.notSeen.some(({detail}) => detail.includes('forbidden'))
