import {readFileSync, writeFileSync} from 'node:fs'
import {hostname} from 'node:os'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {birdDetailsArgv, birdSockets, mostDetails} from '../../src/calico/bird-sockets.ts'
import {detailsFrom} from '../../src/cluster/local-bird.ts'
import {localDoor, localNodeName} from '../../src/cluster/local-door.ts'
import type {Limits, Probe} from '../../src/engine/collector.ts'
import {startBird} from '../helpers/bird-server.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

const ask = async (probe: Probe, limits: Partial<Limits> = {}, name = 'here') => {
  const answers = await localDoor({nodeName: 'here'}).ask({name}, new Map([['probe', probe]]), {timeoutMs: 6_000, maxBytes: 1_000_000, ...limits})
  return answers.get('probe')
}

test('commands of this machine, each with its output, errors and exit status', async () => {
  const osrelease = readFileSync('/proc/sys/kernel/osrelease', 'utf8')
  expect(await ask({tries: [['cat', '/proc/sys/kernel/osrelease']]})).toEqual({
    known: true,
    value: {argv: ['cat', '/proc/sys/kernel/osrelease'], exit: 0, stdout: osrelease, stderr: ''},
  })
  expect(await ask({tries: [['cat', '/no/such/file']]})).toMatchObject({
    known: true,
    value: {exit: 1, stderr: 'cat: /no/such/file: No such file or directory\n'},
  })
  expect(await ask({tries: [['printf', '%s|', "it's", '$HOME', '']]})).toMatchObject({value: {stdout: "it's|$HOME||"}})
  expect(await ask({tries: [['sh', '-c', 'echo a; exit 3']]})).toMatchObject({value: {exit: 3, stdout: 'a\n'}})
})

test('what this machine lacks is tried by its next name', async () => {
  expect(
    await ask({
      tries: [
        ['no-such-calico', 'version'],
        ['printf', 'v3.31'],
      ],
    }),
  ).toMatchObject({value: {argv: ['printf', 'v3.31'], exit: 0, stdout: 'v3.31'}})
  expect(await ask({tries: [['no-such-calico'], ['no-such-either']]})).toMatchObject({
    value: {argv: ['no-such-either'], exit: 127, stderr: 'no-such-either: not found\n'},
  })
})

test('ip of /usr/sbin is found', async () => {
  expect(await ask({tries: [['ip', '-j', 'addr', 'show', 'lo']]})).toMatchObject({value: {exit: 0, stdout: expect.stringContaining('"ifname":"lo"')}})
})

test('a command that hangs costs a third of the time, and its children do not hold it up', async () => {
  const started = performance.now()
  expect(await ask({tries: [['sh', '-c', 'echo a; sleep 5; sleep 5']]}, {timeoutMs: 3_000})).toMatchObject({value: {exit: 124, stdout: 'a\n'}})
  expect(await ask({tries: [['sh', '-c', 'sleep 5 & echo b']]})).toMatchObject({value: {exit: 0, stdout: 'b\n'}})
  expect(performance.now() - started).toBeLessThan(4_500)
})

test('long output is cut at its lines, a flood is failed', async () => {
  expect(await ask({tries: [['seq', '10']], maxLines: 3})).toMatchObject({value: {stdout: '1\n2\n3', cut: 'more than 3 lines'}})
  expect(await ask({tries: [['printf', 'a\\n\\nb\\n']], maxLines: 1})).toMatchObject({value: {stdout: 'a', cut: 'more than 1 lines'}})
  expect(await ask({tries: [['printf', 'a\\n']], maxLines: 1})).toMatchObject({value: {stdout: 'a\n'}})
  expect(await ask({tries: [['yes']]}, {maxBytes: 10_000})).toEqual({known: false, why: 'failed', detail: 'its answer flooded: more than 10000 bytes'})
})

test("the container's view of the host is the host", async () => {
  expect(await ask({tries: [['cat', '/host/proc/sys/kernel/osrelease']]})).toMatchObject({value: {exit: 0}})
})

test('other nodes are not asked', async () => {
  expect(await ask({tries: [['true']]}, {}, 'elsewhere')).toEqual({known: false, why: 'not-collected', detail: '--exec local asks this node (here) only'})
})

test('BIRD is asked by its socket, not by a birdcl that hosts do not have', async () => {
  const path = await startBird({'show status': '1000-BIRD 1.6.8\n0000 \n'})
  expect(await ask({tries: [['birdcl', '-s', path, 'show', 'status']]})).toMatchObject({
    value: {exit: 0, stdout: 'BIRD v0.3.3+birdv1.6.8 ready.\nBIRD 1.6.8\n'},
  })
  expect(await ask({tries: [['birdcl6', '-s', '/no/bird6.ctl', 'show', 'status']]})).toMatchObject({
    value: {exit: 1, stderr: 'Unable to connect to server control socket (/no/bird6.ctl): No such file or directory\n'},
  })
})

const row = (name: string, info: string) => ` ${name} BGP      master   start  03:39:36    ${info}\n`
const rows = `2002-name     proto    table    state  since       info\n1002-kernel1  Kernel   master   up     03:39:36    \n`

test('details of the sessions that are down, as the loop in the container has them', async () => {
  const path = await startBird({
    'show protocols': `${rows}${row('Mesh_a', 'Active')}${row('Mesh_b', 'Established')}${row("bad'name", 'Active')}${row('Node_c', 'Idle')}0000 \n`,
    "show protocols all 'Mesh_a'": '1002-Mesh_a BGP\n1006-  BGP state: Active\n0000 \n',
    "show protocols all 'Node_c'": '1002-Node_c BGP\n0000 \n',
  })
  const greeting = 'BIRD v0.3.3+birdv1.6.8 ready.\n'
  expect(await detailsFrom([path], {timeoutMs: 2_000, maxBytes: 10_000})).toEqual({
    exit: 0,
    stdout: `${greeting}Mesh_a BGP\n  BGP state: Active\n${greeting}Node_c BGP\n`,
    stderr: '',
  })
})

test('details: nothing down prints nothing, no more than so many are asked, and no socket is no empty answer', async () => {
  const limits = {timeoutMs: 5_000, maxBytes: 100_000}
  expect(await detailsFrom([await startBird({'show protocols': `${rows}0000 \n`})], limits)).toEqual({exit: 0, stdout: '', stderr: ''})
  const many = Array.from({length: 80}, (_, index) => row(`Mesh_${index}`, 'Active')).join('')
  const {stdout} = await detailsFrom([await startBird({'show protocols': `${rows}${many}0000 \n`})], limits)
  expect(stdout.match(/ready/g)).toHaveLength(mostDetails)
  expect(await detailsFrom(['/no/bird.ctl'], limits)).toMatchObject({exit: 1, stdout: '', stderr: expect.stringContaining('/no/bird.ctl')})
})

test("the details probe's own argv is known here", async () => {
  for (const family of [4, 6] as const)
    expect(await ask({tries: [birdDetailsArgv(family)]})).toMatchObject({value: {exit: 1, stderr: expect.stringContaining(birdSockets[family][0])}})
})

test('the name of this node, as Calico wrote it down or as the host is called', async () => {
  const file = join(tempFolder(), 'nodename')
  expect(await localNodeName(file)).toBe(hostname().toLowerCase())
  writeFileSync(file, 'worker-1\n')
  expect(await localNodeName(file)).toBe('worker-1')
})
