import {describe, expect, test} from 'vitest'
import type {Rule} from '../../src/demo/index.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {type LiveTop, liveTop} from '../helpers/live-top.ts'
import {simulated} from '../helpers/simulated.ts'
import {hasTmux} from '../helpers/tmux.ts'

const often = ['--interval', '1s'] as const
const quit = async (top: LiveTop) => {
  top.keys('q')
  expect(await top.ended()).toEqual({code: 0, restored: true})
}
const lists: Rule = {verbs: ['list', 'watch'], apiGroups: ['*'], resources: ['*']}
const reviews: Rule = {verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews']}

// Most of the time goes by waiting for rounds and processes, so all of them go on at once.
describe.skipIf(!hasTmux)('top on a live cluster', {timeout: 90_000}, () => {
  test('a lost API server, a silent node, and no way into nodes', async () => {
    await Promise.all([survivesTheApi(), keepsSilentNodes(), looksWithoutExec()])
  })

  test('what cannot begin is told in a sentence, on a terminal as it was', async () => {
    const {sim} = await simulated({nodes: 3})
    const kubeconfig = writeConfig(sim.kubeconfig)
    const refused = async (argv: readonly string[], code: number, words: string, config = kubeconfig) => {
      const top = await liveTop(config, argv)
      expect(await top.ended()).toEqual({code, restored: true})
      expect(top.screen()).toContain(words)
    }
    await Promise.all([
      refused(['--node', 'worker-77'], 2, 'no node matches "worker-77"'),
      refused(['--interval', 'soon'], 2, 'soon'),
      refused(['--context', 'nowhere'], 4, 'nowhere'),
      refused([], 4, '/missing/config', '/missing/config'),
      refused(['--record', 'missing/incident.gz'], 4, 'missing'),
      refused(['--replay', 'missing/incident.gz'], 4, 'no such file'),
    ])
  })
})

async function survivesTheApi(): Promise<void> {
  const {sim} = await simulated({nodes: 4})
  const top = await liveTop(writeConfig(sim.kubeconfig), often)
  await top.shows('4 of 4 nodes answered in full')
  sim.setFaults([{path: '/', answer: 'cut'}])
  await top.shows('API LOST')
  top.keys('2')
  await top.shows('Established')
  sim.setFaults([])
  await top.shows(/^(?![\s\S]*API LOST)/, 20_000)
  await quit(top)
}

async function keepsSilentNodes(): Promise<void> {
  const {sim} = await simulated({nodes: 4})
  const top = await liveTop(writeConfig(sim.kubeconfig), [...often, '--node-timeout', '1s'], {columns: 200})
  await top.shows('4 of 4 nodes answered in full')
  sim.setFaults([{node: 'worker-01', exec: {status: 500, message: 'error dialing backend: dial tcp 10.20.0.14:10250: i/o timeout'}}])
  await top.shows('3 of 4 nodes answered in full')
  top.keys('3')
  await top.shows(/worker-01 .*3\/3.*~\d+s +last state: unreachable/)
  sim.setFaults([])
  await top.shows(/worker-01 .*3\/3 .* \ds *$/m)
  await quit(top)
}

async function looksWithoutExec(): Promise<void> {
  const {sim} = await simulated({nodes: 4})
  const [never, forbidden] = await Promise.all([
    liveTop(writeConfig(sim.kubeconfig), [...often, '--exec', 'none']),
    liveTop(writeConfig(sim.addUser('looker', [lists, reviews])), often),
  ])
  await never.shows('(--exec none)')
  await forbidden.shows('no right to exec into pods of')
  for (const top of [never, forbidden]) {
    expect(top.screen()).not.toContain('100 %')
    await quit(top)
  }
}
