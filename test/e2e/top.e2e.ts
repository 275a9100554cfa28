import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {runCli} from '../cli/run-cli.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {type LiveTop, liveTop} from '../helpers/live-top.ts'
import {simulated} from '../helpers/simulated.ts'
import {hasTmux} from '../helpers/tmux.ts'

const often = ['--interval', '1s'] as const
const quit = async (top: LiveTop) => {
  top.keys('q')
  expect(await top.ended()).toEqual({code: 0, restored: true})
}

/** On the simulated cluster, for it can be made to fail; a real API server has nothing to add here. */
describe.skipIf(!hasTmux)('top on a live cluster', {timeout: 120_000}, () => {
  test('hands: filter, sort, pages, look again, sizes, bundle, pause, recording', worksWithHands)
  test('without the right to watch', looksWithoutWatch)
  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('%s while it looks', async (signal, code) => {
    const {sim} = await simulated({nodes: 4})
    const top = await liveTop(writeConfig(sim.kubeconfig), often)
    await top.shows('4 of 4 nodes answered in full')
    process.kill(top.pid(), signal)
    expect(await top.ended()).toEqual({code, restored: true})
  })
  test('Ctrl-Z, and back after a while', async () => {
    const {sim} = await simulated({nodes: 4})
    const top = await liveTop(writeConfig(sim.kubeconfig), often)
    await top.shows('4 of 4 nodes answered in full')
    top.keys('C-z')
    await top.shows('Stopped')
    const asked = sim.requests.length
    await new Promise(resolve => setTimeout(resolve, 3_000))
    expect(sim.requests.length).toBeLessThanOrEqual(asked + 1)
    top.keys('fg', 'Enter')
    await top.shows('4 of 4 nodes answered in full')
    await expect.poll(() => sim.requests.length, {timeout: 10_000}).toBeGreaterThan(asked + 4)
    top.keys('q')
    await top.shows('READY:')
    expect(top.flag('alternate_on')).toBe('0')
  })
  test('a cluster without Calico', async () => {
    const {sim} = await simulated({nodes: 3})
    sim.state.objects.pods = []
    sim.state.objects.daemonsets = []
    const top = await liveTop(writeConfig(sim.kubeconfig), often)
    await top.shows('no calico-node pod')
    expect(top.screen()).not.toContain('No problem found.')
    await quit(top)
  })
  test('500 nodes: every one has its turn', async () => {
    const {sim} = await simulated({nodes: 500, pods: 2_000})
    const top = await liveTop(writeConfig(sim.kubeconfig), ['--interval', '2s'])
    await top.shows('500 of 500 nodes answered in full', 90_000)
    await quit(top)
  })
})

async function worksWithHands(): Promise<void> {
  const {sim} = await simulated({scenario: 'incident'})
  const kubeconfig = writeConfig(sim.kubeconfig)
  const top = await liveTop(kubeconfig, [...often, '--record', 'incident.gz'])
  await top.shows('of 123 sessions established')
  await top.shows('12 of 12 nodes answered in full')
  top.keys('2/!mesh', 'Enter')
  await top.shows(/1-\d of \d \(\d+ without filter\)/)
  top.keys('Escape', '3s')
  await top.shows(/by |sorted|NODE/)
  top.keys('g/worker-05', 'Enter', 'Enter')
  await top.shows('BIRD')
  top.keys('r')
  await top.shows('Looking again at worker-05')
  top.keys('Escape', '6', 'Enter')
  await top.shows('Why it matters')
  top.keys('r')
  await top.shows('Looking again for bgp/bird-not-running')
  top.keys('w')
  await top.shows('wrote calico-doctor-')
  top.resize(80, 24)
  await top.shows('5 Typha/IPAM')
  top.resize(79, 24)
  await top.shows('top needs 80×24')
  // Nothing of the wider screen stays behind.
  await expect.poll(() => top.screen(), {timeout: 5_000}).not.toContain('Why it matters')
  top.resize(200, 60)
  await top.shows('Why it matters')
  top.keys('p')
  await top.shows(/paused/i)
  await quit(top)

  const bundle = readdirSync(top.folder).find(name => name.endsWith('.tar.gz'))!
  const {code, stdout} = await runCli(['check', '--bundle', join(top.folder, bundle), '-o', 'json'])
  expect([code, JSON.parse(stdout).summary.error, JSON.parse(stdout).coverage.percent]).toEqual([1, 11, 100])
  const replay = await liveTop('', ['--replay', join(top.folder, 'incident.gz')])
  await replay.shows('of 123 sessions established')
  replay.keys('p')
  await replay.shows(/paused/i)
  for (let step = 0; step < 20; step++) replay.keys('Left')
  await replay.shows(/\b1(\/| of )\d+/)
  replay.keys('Right')
  await replay.shows(/\b2(\/| of )\d+/)
  await quit(replay)
}

async function looksWithoutWatch(): Promise<void> {
  const {sim} = await simulated({nodes: 4})
  const rules = [{verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*']}]
  const top = await liveTop(writeConfig(sim.addUser('lister', rules)), often)
  await top.shows('4 of 4 nodes answered in full')
  await top.shows('100 %')
  await quit(top)
}
