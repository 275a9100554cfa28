import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {strikeText, struck} from '../../src/bundle/credentials-in-text.ts'
import {known} from '../../src/engine/collected.ts'
import type {ProbeOutput} from '../../src/engine/collector.ts'
import {evidenceOf} from '../../src/evidence/node-answer.ts'
import {cutToBytes} from '../../src/evidence/node-cut.ts'
import {filesOf, missedOf} from './fake-node.ts'

const question = {name: 'bird.cfg', tries: [['cat', '/etc/bird.cfg']], bytes: () => 1} as const
const answer = (output: Partial<ProbeOutput>, more: object = {}) => {
  const whole: ProbeOutput = {argv: question.tries[0], exit: 0, stdout: '', stderr: '', ...output}
  return [...evidenceOf({...question, ...more}, known(whole), {node: 'n/1', at: '2026-01-01T00:00:00Z', ms: 7, maxFileBytes: 50})]
}
const shown = (evidence: ReturnType<typeof answer>) => ({
  files: filesOf(evidence).map(({path, exit, truncated, text}) => [path, exit, truncated, text]),
  missed: missedOf(evidence).map(({why, detail}) => `${why}: ${detail}`),
})

describe('an answer becomes files', () => {
  test.each([
    ['what it printed', {stdout: 'x\n'}, [['nodes/n%2f1/bird.cfg', 0, false, 'x\n']], []],
    ['nothing, which is an answer', {}, [['nodes/n%2f1/bird.cfg', 0, false, '(calico-doctor: nothing was printed, exit 0: cat /etc/bird.cfg)\n']], []],
    [
      'errors beside it',
      {stdout: 'x\n', stderr: 'y\n', exit: 2},
      [
        ['nodes/n%2f1/bird.cfg', 2, false, 'x\n'],
        ['nodes/n%2f1/bird.stderr.txt', 2, false, 'y\n'],
      ],
      [],
    ],
    ['cut on the node', {stdout: 'x\n', cut: 'more than 1 lines', exit: 141}, [['nodes/n%2f1/bird.cfg', 141, true, 'x\n']], []],
    ['cut here', {stdout: 'line\n'.repeat(20)}, [['nodes/n%2f1/bird.cfg', 0, true, 'line\n'.repeat(10)]], []],
    ['ended by time', {stdout: 'x\n', exit: 124}, [['nodes/n%2f1/bird.cfg', 124, true, 'x\n']], ['timeout: ended after its time; what it had printed is kept']],
    ['not a word in time', {exit: 124}, [], ['timeout: no answer in its time']],
    ['no such command', {exit: 127, stderr: 'sh: cat: not found\n'}, [], ['absent: this image has no such command']],
    [
      'no such file',
      {exit: 1, stderr: 'cat: /etc/bird.cfg: No such file or directory\n'},
      [['nodes/n%2f1/bird.stderr.txt', 1, false, 'cat: /etc/bird.cfg: No such file or directory\n']],
      ['absent: exit 1: cat: /etc/bird.cfg: No such file or directory'],
    ],
    ['an error', {exit: 3, stderr: 'denied\n'}, [['nodes/n%2f1/bird.stderr.txt', 3, false, 'denied\n']], ['failed: exit 3: denied']],
    ['a failure without a word', {exit: 3}, [], ['failed: exit 3, and not a word']],
  ] as const)('%s', (_what, output, files, missed) => expect(shown(answer(output))).toEqual({files, missed}))

  test('a script says that there is nothing to ask for: an answer, or missed', () => {
    const nothing = {exit: 3, detail: 'no tables'}
    const files = [['nodes/n%2f1/bird.cfg', 3, false, '(calico-doctor: no tables)\n']]
    expect(shown(answer({exit: 3}, {nothing: {...nothing, isAnswer: true}}))).toEqual({files, missed: []})
    expect(shown(answer({exit: 3}, {nothing: {...nothing, isAnswer: false}}))).toEqual({files: [], missed: ['absent: no tables']})
  })
  test('and an exit status with output means nothing of the kind', () => {
    expect(shown(answer({exit: 3, stdout: 'x\n'}, {nothing: {exit: 3, detail: 'no tables'}}))).toEqual({
      files: [['nodes/n%2f1/bird.cfg', 3, false, 'x\n']],
      missed: [],
    })
  })
  test('no line that grep looks for is an answer', () => {
    expect(shown(answer({argv: ['grep', 'x', '/y'], exit: 1}))).toEqual({
      files: [['nodes/n%2f1/bird.cfg', 1, false, '(calico-doctor: nothing was printed, exit 1: grep x /y)\n']],
      missed: [],
    })
  })
  test('BIRD that does not run is no file that is not there', () => {
    const stderr = 'Unable to connect to server control socket (/x): No such file or directory\n'
    expect(shown(answer({exit: 1, stderr})).missed).toEqual([`failed: exit 1: ${stderr.trim()}`])
  })
  test('of a log the newest stays', () => {
    expect(filesOf(answer({stdout: `${'old 1\n'.repeat(10)}new 22\n`}, {newest: true}))[0]).toMatchObject({
      truncated: true,
      text: `${'old 1\n'.repeat(7)}new 22\n`,
    })
  })
})

test('any text is cut between lines, to no more than it may be', () => {
  const text = fc.string({unit: fc.constantFrom('a', '\n', 'é', '😀', ' '), maxLength: 200})
  fc.assert(
    fc.property(text, fc.integer({min: 0, max: 60}), fc.constantFrom('first' as const, 'last' as const), (whole, max, keep) => {
      const {text, truncated} = cutToBytes(whole, max, keep)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(max)
      expect(truncated).toBe(text !== whole)
      if (!truncated || text === '') return
      expect(keep === 'first' ? whole.startsWith(text) && text.endsWith('\n') : whole.endsWith(text) && whole.at(-text.length - 1) === '\n').toBe(true)
    }),
  )
})

describe('passwords in BIRD’s configuration', () => {
  const config = (...passwords: readonly string[]) =>
    passwords.map(one => `protocol bgp Node_1 from bgp_template {\n  neighbor 10.0.0.1 as 64512;\n  password "${one}";\n}\n`).join('')
  test('are struck out', () => {
    expect(strikeText(config('hunter2'))).toBe(config(struck))
    expect(strikeText('password   "a b; c" ;')).toBe(`password   "${struck}" ;`)
  })
  test('whatever BIRD takes as one (conf/cf-lex.l: anything but a quote and a newline)', () => {
    const password = fc
      .string({unit: fc.constantFrom('a', 'Z', '7', ' ', '\\', "'", ';', '#', ':', '=', '{', 'é'), minLength: 1, maxLength: 12})
      .map(text => `s3cr3t${text}t3rc3s`)
    fc.assert(
      fc.property(fc.array(password, {minLength: 1, maxLength: 3}), passwords => {
        expect(strikeText(config(...passwords))).not.toMatch(/s3cr3t|t3rc3s/)
      }),
    )
  })
  test('also where a cut left half of one', () => {
    const whole = config('s3cr3t-and-long')
    for (let at = 1; at < whole.length; at++) expect(strikeText(whole.slice(0, at))).not.toMatch(/s3cr3t/)
  })
})
