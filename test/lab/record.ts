import {mkdirSync, writeFileSync} from 'node:fs'
import {connect} from 'node:net'
import {join} from 'node:path'
import {type Lab, whyNoLab, withLab} from './lab.ts'

/** Writes test/fixtures/bird anew from real daemons: `node test/lab/record.ts`. Times and timers differ from run to run. */
const directory = join(import.meta.dirname, '../fixtures/bird')
const protocols = ['birdcl', '-s', '/var/run/calico/bird.ctl', 'show', 'protocols']
const protocols6 = ['birdcl6', '-s', '/var/run/calico/bird6.ctl', 'show', 'protocols']

async function record(lab: Lab, node: string, argv: readonly string[], file: string): Promise<void> {
  const {stdout, stderr} = await lab.exec(node, argv)
  write(file, stdout || stderr)
}
const write = (file: string, text: string) => writeFileSync(join(directory, `${file}.txt`), text)

/** What BIRD itself says on its socket, reply codes and all. */
function raw(lab: Lab, node: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(join(lab.node(node).directory, 'bird.ctl'))
    socket.setEncoding('utf8').once('error', reject)
    socket.on('data', (chunk: string) => {
      if (text === '') socket.write(`${command}\n`)
      text += chunk
      if (/^(?:0000|[89]\d{3}) /m.test(text)) socket.end()
    })
    socket.once('close', () => resolve(text))
  })
}

const reason = whyNoLab()
if (reason !== undefined) throw new Error(reason)
mkdirSync(directory, {recursive: true})
const pair = [{name: 'n1'}, {name: 'n2'}]

await withLab({nodes: [...pair, {name: 'n3'}, {name: 'n4'}], ipv6: true}, async lab => {
  await lab.waitForMesh()
  await record(lab, 'n1', protocols, 'mesh')
  await record(lab, 'n1', [...protocols, 'all'], 'mesh-all')
  await record(lab, 'n1', protocols6, 'mesh-v6')
  write('mesh-raw', await raw(lab, 'n1', 'show protocols'))
  write('mesh-raw-all', await raw(lab, 'n1', 'show protocols all'))
  write('refused-raw', await raw(lab, 'n1', 'show nonsense'))
  await record(lab, 'n1', ['birdcl', '-r', '-s', '/var/run/calico/bird.ctl', 'disable', 'all'], 'access-denied')
  await record(lab, 'n1', [...protocols, 'all', 'Mesh_10_9_9_9'], 'no-such-protocol')
  await lab.killBird('n1')
  await record(lab, 'n1', protocols, 'dead-socket')
})
await withLab({nodes: [{name: 'n1'}], head: 'timeformat protocol "%T" 1 "%F";\n'}, lab => record(lab, 'n1', protocols, 'no-peers'))
await withLab(
  {
    nodes: [...pair, {name: 'rr', clusterId: '244.0.0.1'}, {name: 'n4', birdless: true}],
    mesh: false,
    // The limit of 20 hours, shortened, so that the date is printed as after a day.
    head: 'timeformat protocol "%T" 1 "%F";\n',
    peers: [
      {name: 'Global_10_0_0_99', address: '10.0.0.99', as: 64512},
      {name: 'Global_10_0_0_3', address: '10.0.0.3', as: 64512},
      {name: 'Node_10_0_0_3_port_1790', address: '10.0.0.3', port: 1790, as: 64512},
      {name: 'Local_Workload_10_0_0_4', address: '10.0.0.4', as: 64513, passive: true},
      {name: 'uplink', address: '10.0.0.98', as: 65000, disabled: true},
    ],
  },
  async lab => {
    await lab.waitFor('n1', /Node_10_0_0_3 .*Established[\s\S]*Global_10_0_0_99 .*No route/)
    await record(lab, 'n1', protocols, 'reflector-client')
    await record(lab, 'n1', [...protocols, 'all'], 'reflector-client-all')
  },
)
await withLab({nodes: [{name: 'n1', birdless: true}, {name: 'n2'}]}, async lab => {
  await lab.waitFor('n2', /refused/)
  await record(lab, 'n2', protocols, 'refused')
})
await withLab({nodes: pair}, async lab => {
  await lab.waitForMesh()
  lab.cut('n1', 'n2')
  await lab.waitFor('n2', /Connect +BGP Error: Hold timer expired/)
  await record(lab, 'n2', protocols, 'hold-timer')
})
await withLab({nodes: [{name: 'n1'}, {name: 'n2', as: 64513, expectedAs: 64512}]}, async lab => {
  await Promise.all([lab.waitFor('n1', /Bad peer AS/), lab.waitFor('n2', /Bad peer AS/)])
  await record(lab, 'n1', protocols, 'bad-peer-as')
  await record(lab, 'n2', protocols, 'bad-peer-as-received')
})
