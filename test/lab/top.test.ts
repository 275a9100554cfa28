import {expect, onTestFinished, test} from 'vitest'
import {scenario, startSimulatedCluster} from '../../src/demo/index.ts'
import {atLabAddresses} from '../e2e/lab-nodes.ts'
import {writeConfig} from '../helpers/kubeconfig.ts'
import {liveTop} from '../helpers/live-top.ts'
import {hasTmux} from '../helpers/tmux.ts'
import {type Lab, whyNoLab, withLab} from './lab.ts'
import {ip} from './namespaces.ts'

const reason = whyNoLab() ?? (hasTmux ? undefined : 'tmux not there: apt-get install tmux')
if (reason !== undefined) console.warn(`lab tests are skipped: ${reason}`)

/** A simulated API, and behind its exec the lab's own BIRDs. */
async function startCluster(lab: Lab) {
  const state = atLabAddresses(scenario('healthy', {nodes: lab.nodes.length}), lab)
  for (const {name} of lab.nodes)
    state.nodes[name]!.exec = async command => {
      const {exit = 1, ...output} = await lab.exec(name, command)
      return {...output, exit}
    }
  return startSimulatedCluster({scenario: state})
}

test.skipIf(reason !== undefined)('a session that is cut shows within two rounds, mended too, and its flaps are counted', {timeout: 60_000}, async () => {
  const names = Object.keys(scenario('healthy', {nodes: 4}).nodes)
  const lost = names.at(-1)!
  await withLab({nodes: names.map(name => ({name}))}, async lab => {
    const sim = await startCluster(lab)
    onTestFinished(() => sim.close())
    await lab.waitForMesh()
    const top = await liveTop(writeConfig(sim.kubeconfig), ['--interval', '1s'], {columns: 160, rows: 30})
    await top.shows('12 of 12 sessions established')
    top.keys(`2/${lost}`, 'Enter')
    await top.shows(/ 0 +\ds +Established/)
    const peer = new RegExp(`Mesh_${lab.node(lost).address.replaceAll('.', '_')} .*(Hold|Socket|Active|Connect|Idle)`)

    ip(lab.node(lost).namespace, ['link set eth0 down'])
    await lab.waitFor(names[0]!, peer)
    const asked = () => sim.requests.filter(({subresource, name}) => subresource === 'exec' && name?.includes(names[0]!)).length
    const before = asked()
    await top.shows(new RegExp(`${names[0]} .*${lost} .* [1-9]\\d* +\\ds .*(Hold|Socket|Active|Connect|Idle)`))
    // One was on its way, two rounds followed.
    expect(asked() - before).toBeLessThanOrEqual(3)

    ip(lab.node(lost).namespace, ['link set eth0 up'])
    await lab.waitForMesh()
    await top.shows(new RegExp(`${names[0]} .*${lost} .* [1-9]\\d* +\\ds +Established`))
    top.keys('1')
    await top.shows('12 of 12 sessions established')
    expect(top.screen()).toMatch(/\d+ sessions have flapped since the start/)
    top.keys('q')
    expect(await top.ended()).toEqual({code: 0, restored: true})
  })
})
