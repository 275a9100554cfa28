import {readFileSync} from 'node:fs'
import {delimiter, join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {type SshOptions, sshDoor} from '../../src/cluster/ssh-door.ts'
import type {Limits, NodeToAsk, Probe} from '../../src/engine/collector.ts'
import {tempFolder, tempScript} from '../helpers/temp-folder.ts'

const node: NodeToAsk = {name: 'worker-1', address: '10.0.0.5'}
const probes = new Map<string, Probe>([
  ['osrelease', {tries: [['cat', '/proc/sys/kernel/osrelease']]}],
  ['quoting', {tries: [['printf', '%s|', "it's", '$HOME', 'a\nb']]}],
])
/** Programs that stand before those of this machine. `ssh` keeps what it was called with and runs the remote command here. */
function machine(programs: Readonly<Record<string, string>> = {}) {
  const folder = tempFolder()
  const all = {
    ssh: `printf '%s\\n' "$@" > ${folder}/ssh-argv; while [ "$1" != -- ]; do shift; done; shift 2; exec "$@"`,
    crictl: `printf '%s\\n' "$*" | sed 1q >> ${folder}/crictl-calls; case "$*" in *' ps '*|ps*) printf 'abc\\nolder\\n';; *) while [ "$1" != abc ]; do shift; done; shift; exec "$@";; esac`,
    ...programs,
  }
  for (const [name, body] of Object.entries(all)) if (body !== '') tempScript(name, body, folder)
  const {PATH} = process.env
  process.env.PATH = [folder, PATH].join(delimiter)
  onTestFinished(() => {
    process.env.PATH = PATH
  })
  const calls = (file: string) => readFileSync(join(folder, file), 'utf8').trim().split('\n')
  return {sshArgv: () => calls('ssh-argv'), crictlCalls: () => calls('crictl-calls')}
}
const ask = (options: Partial<SshOptions> = {}, limits: Partial<Limits> = {}, to: NodeToAsk = node) =>
  sshDoor({options: [], ...options}).ask(to, probes, {timeoutMs: 3_000, maxBytes: 1_000_000, ...limits})
/** What every probe got, when all got the same. */
const answer = async (...parameters: Parameters<typeof ask>) => {
  const answers = await ask(...parameters)
  expect(new Set(answers.values()).size).toBe(1)
  return answers.get('osrelease')
}

test("runs the probes in the host's calico-node container", async () => {
  const {sshArgv, crictlCalls} = machine()
  const answers = await ask({user: 'core', options: ['IdentityFile=~/my key', 'ConnectTimeout=3'], port: 2222})
  expect(answers.get('osrelease')).toMatchObject({known: true, value: {exit: 0, stdout: readFileSync('/proc/sys/kernel/osrelease', 'utf8')}})
  expect(answers.get('quoting')).toMatchObject({known: true, value: {stdout: "it's|$HOME|a\nb|"}})
  expect(sshArgv()).toEqual(
    '-T|-o|IdentityFile=~/my key|-o|ConnectTimeout=3|-o|BatchMode=yes|-o|ConnectTimeout=2|-o|ServerAliveInterval=5|-o|LogLevel=ERROR|-p|2222|-l|core|--|10.0.0.5|sh'.split(
      '|',
    ),
  )
  expect(crictlCalls()[0]).toMatch(/ps --name \^calico-node\$ -q$/)
  expect(crictlCalls()[1]).toMatch(/exec abc sh -c/)
})

test('who is not root uses sudo, and is told when that is refused', async () => {
  machine({id: 'echo 1000', sudo: 'shift; exec "$@"'})
  expect((await ask()).get('osrelease')).toMatchObject({known: true, value: {exit: 0}})
  machine({id: 'echo 1000', sudo: 'echo "sudo: a password is required" >&2; exit 1'})
  expect(await answer()).toEqual({known: false, why: 'forbidden', detail: 'ssh 10.0.0.5: crictl needs root, and sudo refuses: sudo: a password is required'})
})

const says = (words: string, exit = 255) => ({ssh: `cat >/dev/null; echo '${words}' >&2; exit ${exit}`})
test.each<[string, Record<string, string>, object]>([
  [
    'a key that is refused',
    says('core@10.0.0.5: Permission denied (publickey).'),
    {why: 'forbidden', detail: 'ssh 10.0.0.5: core@10.0.0.5: Permission denied (publickey).'},
  ],
  [
    'an unknown host key',
    says('Host key verification failed.'),
    {why: 'failed', detail: expect.stringMatching(/host key is not known here, or has changed: .*StrictHostKeyChecking=accept-new/)},
  ],
  ['a name that cannot be resolved', says('ssh: Could not resolve hostname worker-1: Name or service not known'), {why: 'unreachable'}],
  [
    'nobody there',
    says('ssh: connect to host 10.0.0.5 port 22: Connection refused'),
    {why: 'unreachable', detail: expect.stringContaining('Connection refused')},
  ],
  ['no answer', says('ssh: connect to host 10.0.0.5 port 22: Connection timed out'), {why: 'timeout'}],
  ['a wrong option', says('command-line: line 0: Bad configuration option: nope'), {why: 'failed'}],
  ['no calico-node container', {crictl: ':'}, {why: 'unreachable', detail: 'ssh 10.0.0.5: no calico-node container runs on this host'}],
  [
    'a runtime that does not answer',
    {crictl: 'echo "connect: connection refused" >&2; exit 1'},
    {why: 'failed', detail: 'ssh 10.0.0.5: crictl cannot list containers: connect: connection refused'},
  ],
  [
    'a container that just went',
    {crictl: 'case "$*" in *ps*) echo abc;; *) echo "container not running" >&2; exit 1;; esac'},
    {why: 'failed', detail: expect.stringContaining('container not running')},
  ],
])('%s', async (_name, programs, expected) => {
  machine(programs)
  const answers = await ask()
  for (const probe of answers.values()) expect(probe).toMatchObject({known: false, ...expected})
  expect(answers.size).toBe(probes.size)
})

test('a host without crictl', async () => {
  machine({crictl: ''})
  expect(await answer()).toEqual({known: false, why: 'failed', detail: 'ssh 10.0.0.5: this host has no crictl, so its calico-node container cannot be reached'})
})

test('a machine without ssh', async () => {
  const {PATH} = process.env
  process.env.PATH = tempFolder()
  onTestFinished(() => {
    process.env.PATH = PATH
  })
  expect(await answer()).toEqual({known: false, why: 'failed', detail: 'ssh 10.0.0.5: there is no ssh on this machine'})
})

test('a stall costs its time, and what was said before it is kept', async () => {
  machine({ssh: 'sleep 5'})
  const started = performance.now()
  expect(await answer({}, {timeoutMs: 400})).toEqual({known: false, why: 'timeout', detail: 'ssh 10.0.0.5: no answer in 400 ms'})
  machine({crictl: 'case "$*" in *ps*) echo abc;; *) shift; shift; "$@"; sleep 10;; esac'})
  expect((await ask({}, {timeoutMs: 2_000})).get('osrelease')).toMatchObject({known: true, value: {exit: 0}})
  expect(performance.now() - started).toBeLessThan(7_000)
})

test('a flood is cut', async () => {
  machine({ssh: 'exec yes'})
  const answers = await ask({}, {maxBytes: 10_000})
  expect(answers.get('osrelease')).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('flooded')})
})

test('a connection that breaks in the middle', async () => {
  machine({ssh: 'cat >/dev/null; echo half; echo "client_loop: send disconnect: Broken pipe" >&2; exit 255'})
  expect((await ask()).get('osrelease')).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('Broken pipe')})
})

test('an address that is none goes nowhere near ssh', async () => {
  const {sshArgv} = machine()
  for (const address of ['-oProxyCommand=touch x', 'a b', '$(reboot)', 'a;b', ''])
    expect(await answer({}, {}, {name: 'n', address})).toMatchObject({known: false, why: 'failed', detail: expect.stringContaining('is no address for ssh')})
  expect(sshArgv).toThrow()
})

test('a node without a known address is asked by its name', async () => {
  const {sshArgv} = machine()
  await ask({}, {}, {name: 'worker-1'})
  expect(sshArgv().slice(-3)).toEqual(['--', 'worker-1', 'sh'])
})
