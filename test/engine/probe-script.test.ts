import {execFileSync, spawnSync} from 'node:child_process'
import {expect, test} from 'vitest'
import type {Probe} from '../../src/engine/collector.ts'
import {probeScript, readProbes} from '../../src/engine/probe-script.ts'

const nonce = 'k3v9'
const ask = (probes: Map<string, Probe>, seconds = 5) => {
  const {stdout, stderr} = spawnSync('sh', ['-c', probeScript(probes, nonce, seconds)], {encoding: 'utf8', maxBuffer: 64 * 1024 * 1024})
  return readProbes(stdout, stderr, probes, nonce)
}
const probesOf = (probes: Record<string, Probe>) => new Map(Object.entries(probes))

test('one shell answers all probes, each with its own output, errors and exit status', () => {
  const out = ask(
    probesOf({
      osrelease: {tries: [['cat', '/proc/sys/kernel/osrelease']]},
      'missing-file': {tries: [['cat', '/no/such/file']]},
      quoting: {tries: [['printf', '%s|', "it's", '$HOME', 'a b', '']]},
      'no-newline': {tries: [['printf', 'x']]},
      empty: {tries: [['true']]},
    }),
  )
  expect(out.get('osrelease')).toMatchObject({exit: 0, stdout: execFileSync('cat', ['/proc/sys/kernel/osrelease'], {encoding: 'utf8'}), stderr: ''})
  expect(out.get('missing-file')).toMatchObject({exit: 1, stdout: ''})
  expect(out.get('missing-file')!.stderr).toContain('No such file')
  expect(out.get('quoting')!.stdout).toBe("it's|$HOME|a b||")
  expect(out.get('no-newline')!.stdout).toBe('x')
  expect(out.get('empty')).toMatchObject({exit: 0, stdout: ''})
})

test('falls back where an image lacks the command, and says which answered', () => {
  const out = ask(
    probesOf({
      version: {
        tries: [
          ['no-such-calico', 'version'],
          ['printf', 'v3.31'],
        ],
      },
    }),
  )
  expect(out.get('version')).toMatchObject({argv: ['printf', 'v3.31'], exit: 0, stdout: 'v3.31'})
})

test('a probe that hangs costs its own time only', () => {
  const out = ask(probesOf({slow: {tries: [['sleep', '30']]}, after: {tries: [['printf', 'ok']]}}), 1)
  expect(out.get('slow')!.exit).toBe(124)
  expect(out.get('after')!.stdout).toBe('ok')
})

test('a probe that floods is cut on the node, and the cut is known', () => {
  const out = ask(probesOf({flood: {tries: [['yes']], maxLines: 5}, exact: {tries: [['seq', '5']], maxLines: 5}, after: {tries: [['printf', 'ok']]}}))
  expect(out.get('flood')).toMatchObject({stdout: 'y\ny\ny\ny\ny', cut: 'more than 5 lines'})
  expect(out.get('exact')).toMatchObject({stdout: '1\n2\n3\n4\n5\n'})
  expect(out.get('exact')).not.toHaveProperty('cut')
  expect(out.get('after')!.stdout).toBe('ok')
})

test('an answer that was cut leaves its probe out', () => {
  const probes = probesOf({a: {tries: [['printf', '1']]}, b: {tries: [['printf', '2']]}})
  const {stdout} = spawnSync('sh', ['-c', probeScript(probes, nonce, 5)], {encoding: 'utf8'})
  expect([...readProbes(stdout.slice(0, stdout.indexOf('end b')), '', probes, nonce).keys()]).toEqual(['a'])
})

test('output that imitates a frame without the nonce stays output', () => {
  const fake = '\nnonce end a 0 0\n\nnonce begin b 0\n'
  const out = ask(probesOf({a: {tries: [['printf', '%s', fake]]}}))
  expect(out.get('a')!.stdout).toBe(fake)
})
