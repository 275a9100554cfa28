import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readDetails} from '../../src/calico/bird-details.ts'
import {readProtocols} from '../../src/calico/bird-protocols.ts'
import {birdArgv, birdDetailsArgv} from '../../src/calico/bird-sockets.ts'
import {readLinks} from '../../src/collectors/node/links.ts'
import {scenario} from '../../src/demo/index.ts'
import {runOnNode} from '../../src/demo/node-commands.ts'
import {answerProbes, readProbeScript} from '../../src/demo/probe-reader.ts'
import type {Probe} from '../../src/engine/collector.ts'
import {probeScript} from '../../src/engine/probe-script.ts'

const nodes = scenario('incident').nodes
const run = (node: string, ...argv: string[]) => runOnNode(nodes[node]!, argv)

describe('birdcl', () => {
  test('prints the columns of BIRD 1.6.8, trailing blanks and all', () => {
    const {stdout, exit} = run('worker-01', ...birdArgv(4, 'show', 'protocols'))
    expect(exit).toBe(0)
    const lines = stdout.split('\n')
    expect(lines.slice(0, 3)).toEqual([
      'BIRD v0.3.3+birdv1.6.8 ready.',
      'name     proto    table    state  since       info',
      'static1  Static   master   up     22:04:51    ',
    ])
    expect(lines).toContainEqual(expect.stringMatching(/^Mesh_10_20_0_11 BGP {6}master {3}up {5}22:0[5-8]:\d\d {4}Established {3}$/))
    expect(lines).toContain('Node_10_20_0_4 BGP      master   start  09:29:48    Idle          BGP Error: Bad peer AS')
    expect(lines.filter(line => line.startsWith('Mesh_10_20_1_12 '))).toEqual([
      expect.stringMatching(/ start {2}06:39:14 {4}(Active {8}Socket: Connection refused|Passive {7}Socket: Connection closed)$/),
    ])
  })
  test('is read by our own reader as it was made', () => {
    const sessions = readProtocols(run('worker-01', ...birdArgv(4, 'show', 'protocols')).stdout, 4)
    expect(sessions.running && sessions.sessions.map(({name, bgpState, error}) => ({name, bgpState, error}))).toEqual(
      nodes['worker-01']!.bird!.sessions.map(({name, bgpState, error}) => ({name, bgpState, error})),
    )
  })
  test('tells the details of one session, and of all that are down in a loop', () => {
    const one = run('worker-01', ...birdArgv(4, 'show', 'protocols', 'all', 'Mesh_10_20_0_11')).stdout
    expect(readDetails(one)).toMatchObject([
      {name: 'Mesh_10_20_0_11', neighborAs: '64512', neighborAddress: '10.20.0.11', sourceAddress: '10.20.0.14', holdTimer: '172/240'},
    ])
    const down = run('worker-01', ...birdDetailsArgv(4)).stdout
    expect(readDetails(down).map(({name}) => name)).toEqual(['Mesh_10_20_1_12', 'Node_10_20_0_4'])
    expect(run('worker-01', ...birdArgv(4, 'show', 'protocols', 'all', 'nope')).stdout).toContain('nope is not a protocol')
  })
  test('says what the real one says where nobody listens', () => {
    const output = {exit: 1, stdout: '', stderr: 'Unable to connect to server control socket (/var/run/calico/bird.ctl): No such file or directory\n'}
    expect(run('worker-05', ...birdArgv(4, 'show', 'protocols'))).toEqual(output)
    expect(run('worker-05', ...birdDetailsArgv(4))).toEqual(output)
  })
})

test('ip prints what our own reader reads', () => {
  expect(readLinks(run('worker-09', 'ip', '-j', '-d', 'addr').stdout)).toMatchObject({
    known: true,
    value: expect.arrayContaining([
      expect.objectContaining({name: 'eth0', mtu: 1400, operState: 'UP', addresses: ['10.20.1.16/24']}),
      expect.objectContaining({name: 'tunl0', mtu: 1480, operState: 'UNKNOWN', kind: 'ipip'}),
    ]),
  })
})

test('cat and grep print what the real ones print', () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'))
  const file = join(folder, '10-calico.conflist')
  const text = '{"type": "calico", "mtu": 1440,\n "other": 1}\n'
  writeFileSync(file, text)
  const node = {...nodes['worker-01']!, files: {[file]: text}}
  const commands = [
    ['cat', file],
    ['cat', `${folder}/none`, file],
    ['grep', '-RHoE', '--include=*calico*.conflist', '"mtu"[[:space:]]*:[[:space:]]*[0-9]+|"type"', folder],
    ['grep', '-RHoE', '--include=*.yaml', 'x', folder],
    ['grep', '-hE', 'mtu', file],
    ['grep', '-RHoE', 'x', `${folder}/none`],
  ]
  for (const argv of commands) {
    const real = spawnSync(argv[0]!, argv.slice(1), {encoding: 'utf8', env: {LC_ALL: 'C', PATH: process.env.PATH}})
    expect(runOnNode(node, argv), argv.join(' ')).toEqual({exit: real.status, stdout: real.stdout, stderr: real.stderr})
  }
  rmSync(folder, {recursive: true})
})

describe('probe scripts', () => {
  const word = fc.string({unit: fc.constantFrom('a', "'", '"', '\\', ' ', '\n', '$', ';', '|', '{', '}', 'é'), maxLength: 8})
  const argv = fc.array(word, {minLength: 1, maxLength: 3})
  const probe: fc.Arbitrary<Probe> = fc.record({
    tries: fc.tuple(argv, fc.array(argv, {maxLength: 2})).map(([first, more]): [string[], ...string[][]] => [first, ...more]),
    maxLines: fc.integer({min: 1, max: 9}),
  })
  const probesOf = (list: readonly Probe[]) => new Map(list.map((one, index) => [`node/probe-${index}`, one]))

  test('are read back whatever the words are', () => {
    fc.assert(
      fc.property(fc.array(probe, {maxLength: 4}), list => {
        const read = readProbeScript(probeScript(probesOf(list), 'n0nce', 5))
        expect(read).toEqual({
          nonce: 'n0nce',
          probes: list.map(({tries, maxLines}, index) => ({name: `node/probe-${index}`, tries: tries.map(argv => ({argv, maxLines: maxLines! + 1}))})),
        })
      }),
    )
  })
  test('are answered byte for byte as by a shell', () => {
    const probes = new Map<string, Probe>(
      Object.entries({
        one: {tries: [['printf', '1\n2\n3\n4\n']], maxLines: 2},
        'no-newline': {tries: [['printf', "it's"]]},
        missing: {tries: [['no-such-command-here'], ['printf', 'x']]},
        failing: {tries: [['false']]},
      }),
    )
    const script = probeScript(probes, 'n0nce', 5)
    const real = execFileSync('sh', ['-c', script], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']})
    const answer = answerProbes(readProbeScript(script)!, ([command, text = '']) =>
      command === 'printf' ? {exit: 0, stdout: text, stderr: ''} : {exit: command === 'false' ? 1 : 127, stdout: '', stderr: ''},
    )
    expect(answer.stdout).toBe(real)
  })
  test('and no other text is taken for one', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(readProbeScript(text)).toBeUndefined()
      }),
    )
  })
})
