import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {ClusterState} from '../../src/demo/index.ts'
import {buildCluster} from '../../src/demo/scenarios/build.ts'
import {planHealthy} from '../../src/demo/scenarios/healthy.ts'
import {whyNone} from './cluster.ts'
import {doorContract} from './contract-doors.ts'
import {execContract, playedCommands} from './contract-exec.ts'
import {formContract} from './contract-forms.ts'
import {listContract, watchContract} from './contract-lists.ts'
import {plantPods, podTextContract} from './contract-pod-text.ts'
import {refusalContract} from './contract-refusals.ts'
import {realSubject, type Subject, simulatedSubject} from './subjects.ts'

/** One scenario, at the version of the real server; objects that both keep in the same order. */
function planted(): ClusterState {
  const state = buildCluster(planHealthy({nodes: 4}, {kubernetesVersion: 'v1.36.1'}))
  const nodes = Object.fromEntries(Object.values(state.nodes).map(node => [node.name, {...node, commands: playedCommands}]))
  plantPods(state)
  return {...state, nodes}
}

/** The same sentences for both: where they differ, the simulation is wrong. */
describe.skipIf(whyNone !== undefined).each([
  {name: 'simulated', start: simulatedSubject},
  {name: 'real', start: realSubject},
])('the $name cluster', ({start}) => {
  const state = planted()
  let subject: Subject
  beforeAll(async () => {
    subject = await start(state)
  })
  afterAll(() => subject?.close())

  const contract = {test, state, subject: () => subject, api: () => subject.admin}
  describe('lists', () => listContract(contract))
  describe('forms', () => formContract(contract))
  describe('refusals', () => refusalContract(contract))
  describe('watches', () => watchContract(contract))
  describe('exec', () => execContract(contract))
  describe('pods', () => podTextContract(contract))
  describe('doors', () => doorContract(contract))

  test('a continue token that is too old is 410', async () => {
    const {metadata} = await subject.admin.must('GET', '/api/v1/pods?limit=5')
    await subject.expireContinueTokens()
    const {status, json} = await subject.admin.ask('GET', `/api/v1/pods?limit=5&continue=${metadata.continue}`)
    expect([status, json().reason]).toEqual([410, 'Expired'])
    expect(json().message).toMatch(/^The provided continue parameter is too old to display a consistent list result\./)
  })
})
