// One screen that changes ten times a second, for ten seconds, on a terminal that throws everything away. Prints what it cost as JSON.
import {PassThrough, Writable} from 'node:stream'
import {Box, render, Text} from 'ink'
import {createElement, useEffect, useState} from 'react'
import {runTop} from '../src/tui/shell/run.ts'

const seconds = 10
const [nodes, sessionsEach, nodesASecond] = [1_000, 5, 20]
const keys = {overview: '1', peers: '2', nodes: '3', felix: '4'}
const what = process.argv[2]

let frames = 0
const output = Object.assign(new Writable({write: (chunk, _, done) => ((frames += Number(chunk.includes('\x1b[?2026h'))), done())}), {
  isTTY: true,
  columns: 120,
  rows: 40,
})
const input = Object.assign(new PassThrough(), {isTTY: true, setRawMode: () => {}})
const known = value => ({known: true, value})

await (what === 'empty' ? empty() : top())

async function empty() {
  const Counter = () => {
    const [count, setCount] = useState(0)
    useEffect(() => {
      const timer = setInterval(() => setCount(old => old + 1), 100)
      return () => clearInterval(timer)
    }, [])
    return createElement(Box, null, createElement(Text, null, `frame ${count}`))
  }
  const app = render(createElement(Counter), {
    stdout: output,
    stdin: input,
    alternateScreen: true,
    interactive: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
  })
  await measured()
  app.unmount()
}

async function top() {
  let send
  const feed = {start: async tell => first((send = tell)), command: () => {}, stop: async () => {}}
  const ended = runTop({feed, look: {colour: true, unicode: true}, input, output, inTmux: false})
  input.write(keys[what])
  let round = 0
  const timer = setInterval(() => {
    round++
    const some = Array.from({length: nodesASecond / 10}, (_, index) => (round * (nodesASecond / 10) + index) % nodes)
    send({type: 'looks', looks: some.map(node => look(node, round))})
    send({type: 'felix', samples: some.map(node => sample(node, round))})
    // Every frame is another one.
    input.write(round % 60 < 30 ? 'j' : 'k')
  }, 100)
  await measured()
  clearInterval(timer)
  input.write('q')
  await ended
}

async function measured() {
  await new Promise(resolve => setTimeout(resolve, 2_000))
  const [before, started] = [process.cpuUsage(), performance.now()]
  frames = 0
  await new Promise(resolve => setTimeout(resolve, seconds * 1_000))
  const {user, system} = process.cpuUsage(before)
  const wallMs = performance.now() - started
  process.stdout.write(
    JSON.stringify({share: (user + system) / 1_000 / wallMs, peakMiB: process.resourceUsage().maxRSS / 1024, frames: (frames * 1_000) / wallMs}),
  )
}

function nameOf(node) {
  return `ip-10-0-${node >> 8}-${node & 255}.eu-central-1.compute.internal`
}

function first(send) {
  const facts = Array.from({length: nodes}, (_, node) => ({
    name: nameOf(node),
    ready: 'True',
    address: `10.0.${node >> 8}.${node & 255}`,
    kernel: '6.1.0-18-cloud-amd64',
    osImage: 'Debian GNU/Linux 12',
    pod: known({namespace: 'calico-system', name: `calico-node-${node}`, version: 'v3.30.1', restarts: 0, ready: true, state: 'running'}),
  }))
  const cluster = Object.fromEntries(
    ['calicoVersion', 'kubernetesVersion', 'install', 'datastore', 'apiGroup', 'dataplane', 'encapsulation', 'bgp'].map(key => [key, known(key)]),
  )
  send({type: 'feed', mode: 'live', intervalMs: 5_000})
  send({
    type: 'cluster',
    at: Date.now(),
    seen: {source: {kind: 'live', context: 'bench'}, cluster: {...cluster, nodes: known(nodes)}, nodes: known(facts), env: known({})},
  })
  send({type: 'looks', looks: facts.map((_, node) => look(node, 0))})
  send({type: 'felix', samples: facts.map((_, node) => sample(node, 0))})
}

function look(node, round) {
  const rows = Array.from({length: sessionsEach}, (_, index) => {
    const peer = (node + index * 37 + 1) % nodes
    const down = (node + round + index) % 97 === 0
    return {
      family: 'IPv4',
      peerAddress: `10.0.${peer >> 8}.${peer & 255}`,
      peerPort: null,
      peerType: 'node-to-node mesh',
      peerNode: nameOf(peer),
      state: down ? 'start' : 'up',
      since: '03:12:07',
      info: down ? 'Active Socket: Connection refused' : 'Established',
      status: down ? 'down' : 'established',
    }
  })
  const daemons = [{family: 'IPv4', running: true, expected: 'yes', version: 'v0.3.3+birdv1.6.8', reason: null}]
  const mtus = {nic: {name: 'ens5', mtu: 9001}, tunnels: [{name: 'vxlan.calico', mtu: 8951}], pods: 8951, felix: known(8951), untold: []}
  return {node: nameOf(node), at: Date.now(), bgp: known({daemons, rows}), mtus: known(mtus)}
}

function sample(node, round) {
  const felix = {
    endpoints: known(30 + (round % 7)),
    policies: known(12),
    applySeconds: known(0.01 + (round % 11) / 1_000),
    resyncState: known('in-sync'),
    errors: known({'iptables save': round, ipset: 0, log: 0}),
    programmed: known({'nft rules': 2_000 + round, ipsets: 41, routes: 37}),
    memoryBytes: known((90 + (round % 13)) * 1024 ** 2),
    cpuSeconds: known(round * 0.1),
  }
  return {node: nameOf(node), at: Date.now(), felix: known(felix)}
}
