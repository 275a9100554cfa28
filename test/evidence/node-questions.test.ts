import {execFileSync, spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, symlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {nodePath, stderrPath} from '../../src/bundle/paths.ts'
import {collectors} from '../../src/collectors/index.ts'
import {isProbe} from '../../src/engine/collector.ts'
import {probeScript} from '../../src/engine/probe-script.ts'
import {pathOn} from '../../src/evidence/node-answer.ts'
import {heavyQuestions} from '../../src/evidence/node-heavy.ts'
import {lightQuestions} from '../../src/evidence/node-light.ts'

const rounds = lightQuestions({bird: true, tailLines: 100, bigEndian: false})
const light = rounds.flat()
const heavy = heavyQuestions({ebpf: true})
const all = [...light, ...heavy]
const argvs = all.flatMap(({tries}) => tries)

test('every file has a path of its own, beside those of the look', () => {
  const ours = all.flatMap(question => [pathOn('n1', question), stderrPath(pathOn('n1', question))])
  const looks = collectors.filter(isProbe).flatMap(({source}) => [1, 2].map(take => nodePath('n1', source, take)))
  expect(new Set([...ours, ...looks, ...looks.map(stderrPath)]).size).toBe(ours.length + 2 * looks.length)
  expect(ours.every(path => /^nodes\/n1\/[a-z0-9_.-]+$/.test(path))).toBe(true)
})

/** By first words; each only reads. */
const readOnly = [
  /^ip (-6 |-s |-d )*(rule|route|link|neigh) show( table all)?$/,
  /^tc -s qdisc show$/,
  /^(cat|ls -ln) \//,
  /^grep -/,
  /^birdcl6? -s \/var\/run\/calico\/bird6?\.ctl show (status|interfaces|protocols all|route|route count)$/,
  /^calico component node (version|health( --[a-z]+-(ready|live))+)$/,
  /^calico-node (-v|(-[a-z]+-(ready|live) ?)+)$/,
  /^(calico component node |calico-node -)bpf (ipsets dump|nat (dump|aff|maglev)|routes dump|counters dump|arp dump|ifstate dump|conntrack stats)$/,
  /^bpftool ((prog|net|map) show|cgroup tree \/run\/calico\/cgroup)$/,
  /^sh -c /,
]
/** What of the image (node/clean-up-filesystem.sh) scripts may use. */
const inImage = ['cat', 'grep', 'ls', 'sed', 'sort', 'stat', 'tail', 'true']
/** It has these too; a machine that runs tests need not. */
const notHere = ['sv', 'conntrack', 'nft', 'ipset', 'iptables-nft-save', 'ip6tables-nft-save', 'iptables-legacy-save', 'ip6tables-legacy-save']
const which = (name: string) =>
  execFileSync('/bin/sh', ['-c', `command -v ${name}`], {encoding: 'utf8'})
    .trim()
    .replace(/^(?!\/)/, '/bin/')

describe('commands', () => {
  test.each(argvs.map(argv => [argv.join(' ')]))('%s', command => {
    expect(readOnly.filter(pattern => pattern.test(command))).toHaveLength(1)
    expect(command).not.toMatch(/kubeconfig|certs|secret|environ|cmdline|\.key\b|\/proc\/sys\/net\/ipv6/)
  })
  test('of scripts are in the image', () => {
    const bin = mkdtempSync(join(tmpdir(), 'calico-node-bin-'))
    for (const name of inImage) symlinkSync(which(name), join(bin, name))
    const stderr = argvs.flatMap(([command, , script = '']) =>
      command === 'sh' ? [spawnSync('/bin/sh', ['-c', script], {env: {PATH: bin}, encoding: 'utf8'}).stderr] : [],
    )
    rmSync(bin, {recursive: true})
    const lacking = stderr.flatMap(text => [...text.matchAll(/(\S+): (?:command )?not found/g)].map(([, name]) => name))
    expect(lacking.filter(name => !notHere.includes(name!))).toEqual([])
  })
  test('of scripts only read', () => {
    const called = all.flatMap(({tries: [[command]], called}) => (command === 'sh' ? [called] : []))
    expect(called).toEqual([
      'sv status /etc/service/enabled/*',
      "Calico's processes in /proc/*/status",
      'conntrack -S',
      'conntrack -C',
      'newest lines of /var/log/calico/cni/*.log',
      'iptables-nft-save -c',
      'ip6tables-nft-save -c',
      'iptables-legacy-save -c',
      'ip6tables-legacy-save -c',
      'nft -n -a list ruleset',
      'ipset list',
    ])
    const executed = argvs.flatMap(([command, , script = '']) => (command === 'sh' ? [...script.matchAll(/exec (.+)$/gm)].map(([, exec]) => exec) : []))
    expect(executed.every(exec => called.includes(exec))).toBe(true)
  })
  test('each script is sh', () => {
    for (const [command, flag, script] of argvs) if (command === 'sh') expect([flag, script]).toEqual(['-c', expect.stringMatching(/\S/)])
  })
})

test('light probes fit into a request line, of which proxies take 8 kB', () => {
  for (const questions of rounds) {
    const script = probeScript(new Map(questions.map(({name, tries, maxLines = 0}) => [name, {tries, maxLines}])), 'f'.repeat(24), 15)
    expect(new URLSearchParams({command: script}).toString().length).toBeLessThan(6_500)
  }
})

test('every answer is bounded on the node, and guessed', () => {
  const size = {nodes: 1_000, sessions: 1_000, links: 120}
  for (const question of all) expect(question.bytes(size), question.name).toBeGreaterThan(0)
  expect(light.filter(({maxLines}) => maxLines === undefined)).toEqual([])
})

test('IPv4 and IPv6, old and new images', () => {
  const names = all.map(({name}) => name)
  for (const name of names.filter(name => name.startsWith('birdcl-'))) expect(names).toContain(name.replace('birdcl-', 'birdcl6-'))
  for (const {tries} of all) if (tries[0][0] === 'calico') expect(tries[1]?.[0]).toBe('calico-node')
})

test('where BIRD should not run, that it cannot be reached is an answer', () => {
  const statuses = lightQuestions({bird: false, tailLines: 100, bigEndian: false})
    .flat()
    .filter(({name}) => /-show-status/.test(name))
  expect(statuses.map(({nothing}) => nothing)).toEqual(Array(2).fill(expect.objectContaining({exit: 1, isAnswer: true})))
  expect(rounds.flat().filter(({name, nothing}) => /-show-status/.test(name) && nothing)).toEqual([])
})
