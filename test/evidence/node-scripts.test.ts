import {spawnSync} from 'node:child_process'
import {mkdirSync, utimesSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {cniLogs, legacyRules, nothingThere, processes, whereLoaded} from '../../src/evidence/node-scripts.ts'
import {tempFolder} from '../helpers/temp-folder.ts'

/** Runs a script on files of ours in place of the node's. */
function runOn(script: string, files: Readonly<Record<string, string>>): {status: number | null; stdout: string; stderr: string} {
  const root = tempFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), {recursive: true})
    writeFileSync(join(root, path), text)
  }
  const moved = script.replaceAll(/(?<![\w$])\/(?=(?:proc|lib|var)\/)/g, `${root}/`)
  const {status, stdout, stderr} = spawnSync('/bin/sh', ['-c', moved], {encoding: 'utf8', env: {...process.env, LC_ALL: 'C'}})
  return {status, stdout: stdout.replaceAll(root, ''), stderr}
}

describe('a command that needs a module', () => {
  const script = whereLoaded('nf_tables', 'echo asked')
  const release = {'/proc/sys/kernel/osrelease': '6.8.0\n'}
  const builtin = (module: string) => ({'/lib/modules/6.8.0/modules.builtin': `kernel/net/netfilter/${module}.ko\n`})
  test.each([
    ['runs where it is loaded', {'/proc/modules': 'veth 1 0 - Live 0x0\nnf_tables 1 0 - Live 0x0\n'}, 0],
    ['runs where it is built in', {'/proc/modules': 'veth 1 0 - Live 0x0\n', ...builtin('nf_tables')}, 0],
    ['runs where nothing can be loaded', {}, 0],
    ['does not run where it would load it', {'/proc/modules': 'nf_tables_set 1 0 - Live 0x0\n', ...builtin('x_tables')}, nothingThere],
    ['nor where nobody tells what is built in', {'/proc/modules': 'veth 1 0 - Live 0x0\n'}, nothingThere],
  ])('%s', (_what, files, status) => {
    expect(runOn(script, {...release, ...files})).toEqual({status, stdout: status === 0 ? 'asked\n' : '', stderr: ''})
  })
})

describe('legacy iptables', () => {
  const save = (family: 4 | 6) => legacyRules(family).replace(/exec \S+ -c/, 'exec echo asked')
  test.each([
    ['no module', {}, nothingThere],
    ['no table', {'/proc/net/ip_tables_names': ''}, nothingThere],
    ['tables', {'/proc/net/ip_tables_names': 'filter\nnat\n'}, 0],
  ])('%s', (_what, files, status) => expect(runOn(save(4), files)).toMatchObject({status, stdout: status === 0 ? 'asked\n' : ''}))
  test('of IPv6 are their own', () => {
    expect(runOn(save(6), {'/proc/net/ip_tables_names': 'filter\n'})).toMatchObject({status: nothingThere})
    expect(runOn(save(6), {'/proc/net/ip6_tables_names': 'filter\n'})).toMatchObject({status: 0})
  })
})

test('processes: Calico’s own, and of others not a word', () => {
  const status = (name: string) => `Name:\t${name}\nUmask:\t0022\nState:\tS (sleeping)\nPPid:\t1\nVmRSS:\t 12 kB\nThreads:\t3\n`
  const {status: exit, stdout} = runOn(processes, {
    '/proc/7/status': status('bird'),
    '/proc/8/status': status('calico-node'),
    '/proc/9/status': status('mysqld'),
  })
  expect(exit).toBe(0)
  expect(stdout).toBe(
    [7, 8]
      .map(pid =>
        [`Name:\t${pid === 7 ? 'bird' : 'calico-node'}`, 'State:\tS (sleeping)', 'PPid:\t1', 'VmRSS:\t 12 kB', 'Threads:\t3']
          .map(line => `/proc/${pid}/status:${line}\n`)
          .join(''),
      )
      .join(''),
  )
})

describe('CNI logs', () => {
  const folder = '/var/log/calico/cni'
  test('no folder', () => expect(runOn(cniLogs(2), {})).toEqual({status: nothingThere, stdout: '', stderr: ''}))
  test('no log', () => expect(runOn(cniLogs(2), {[`${folder}/x.txt`]: 'x\n'})).toMatchObject({status: 0, stdout: ''}))
  test('the newest lines, long ones cut, whatever the names', () => {
    const {stdout, stderr} = runOn(cniLogs(2), {[`${folder}/cni.log`]: `1\n2\n${'x'.repeat(5_000)}\n`, [`${folder}/-n 5.log`]: 'dash\n'})
    expect(stdout).toContain(`==> cni.log <==\n2\n${'x'.repeat(1_500)} (cut)\n`)
    expect(stdout).toContain('==> -n 5.log <==\ndash\n')
    expect(stderr).toBe('')
  })
  test('the newest three, the newest last', () => {
    const root = tempFolder()
    for (const [age, name] of ['d', 'b', 'a', 'c'].entries()) {
      writeFileSync(join(root, `${name}.log`), `${name}\n`)
      utimesSync(join(root, `${name}.log`), 1_000 - age, 1_000 - age)
    }
    const {stdout} = spawnSync('/bin/sh', ['-c', cniLogs(5).replaceAll(folder, root)], {encoding: 'utf8'})
    expect(stdout).toBe(['a', 'b', 'd'].map(name => `==> ${name}.log <==\n${name}\n`).join(''))
  })
})
