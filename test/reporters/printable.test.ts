import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {shellWord} from '../../src/calico/owners/commands.ts'
import {render} from '../../src/reporters/index.ts'
import {printable, printableName, toAscii} from '../../src/reporters/printable.ts'
import {penFor} from '../../src/reporters/screen.ts'
import {columns, wrap} from '../../src/reporters/wrap.ts'
import {check, finding, incident, reportOf, screen} from './reports.ts'

const anyText = fc.string({unit: 'binary', maxLength: 2_000})

test.each([
  ['plain worker-1', 'plain worker-1'],
  ['a\nb\r\tc', String.raw`a\nb\r\tc`],
  ['\u001b[31mred\u0007', String.raw`\x1b[31mred\x07`],
  ['\u009b2J', String.raw`\x9b2J`],
  ['abc\u202edcba', String.raw`abc\u202edcba`],
  ['a\u200bb\ufeff', String.raw`a\u200bb\ufeff`],
  ['\ud800x', String.raw`\ud800x`],
  ['tag\u{e0041}', String.raw`tag\u{e0041}`],
  ['узел-1 节点 café', 'узел-1 节点 café'],
  ['back\\slash', 'back\\slash'],
])('%j shows as %s', (text, shown) => expect(printable(text)).toBe(shown))

test('what is long is cut, by characters', () => {
  expect(printableName('n'.repeat(10_000))).toBe(`${'n'.repeat(99)}…`)
  expect(printable('😀'.repeat(300), {longestWord: 400})).toBe('😀'.repeat(300))
  expect(printable('word '.repeat(1_000), {max: 30})).toBe('word word word word word word…')
  expect(printable(`z${'\u0301'.repeat(50)}y`)).toBe(`z${'\u0301'.repeat(4)}y`)
})

test('nothing a terminal obeys gets through', () => {
  fc.assert(
    fc.property(anyText, fc.integer({min: 1, max: 500}), fc.boolean(), (text, max, ascii) => {
      const shown = printable(text, {max, ascii})
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      if (ascii) expect(shown).toMatch(/^[\x20-\x7e]*$/)
      else expect([...shown].length).toBeLessThanOrEqual(max)
    }),
  )
})

test('10 MB of a name cost no time', () => {
  const started = performance.now()
  printableName('\u001b'.repeat(10_000_000))
  expect(performance.now() - started).toBeLessThan(200)
})

test('typographic signs have their ASCII likeness', () => expect(toAscii('a → b … ≥ 3 × “x”\n✓')).toBe('a -> b ... >= 3 x "x"\n\\u2713'))

test.each([
  ['abc', 3],
  ['节点', 4],
  ['e\u0301', 1],
  ['😀', 2],
  ['✓', 1],
  ['', 0],
])('%j takes %i columns', (text, width) => expect(columns(text)).toBe(width))

test('wrapping loses nothing and breaks only at blanks', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({minLength: 1, maxLength: 30}).filter(word => !word.includes(' ')),
        {minLength: 1},
      ),
      fc.integer({min: 10, max: 80}),
      (words, width) => {
        const lines = wrap(words.join(' '), width)
        expect(lines.join(' ')).toBe(words.join(' '))
        for (const line of lines) expect(columns(line) <= width || !line.includes(' ')).toBe(true)
      },
    ),
  )
})

test('a cluster cannot write lines of its own into a report', () => {
  fc.assert(
    fc.property(fc.array(anyText, {minLength: 8, maxLength: 8}), fc.constantFrom('table' as const, 'short' as const), ([a, b, c, d, e, f, g, h], format) => {
      const hostile = finding({
        message: a!,
        evidence: [b!, c!],
        subjects: [
          {kind: d!, name: e!},
          {kind: 'Node', name: f!},
        ],
        fix: [{text: g!, command: h!}],
        args: {h: h!},
      })
      const report = reportOf(
        [check('bgp/session-down', 'fail', {findings: [hostile], missing: [{fact: 'links', node: a!, known: false, why: 'failed', detail: b!}]})],
        {
          cluster: {...incident.cluster, install: {known: true, value: c!}, bgp: {known: true, value: d!, partial: e!}},
          source: {kind: 'live', context: f!, server: g!},
        },
      )
      const text = render(report, format, screen)
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      expect(text.length).toBeLessThan(20_000)
    }),
    {numRuns: 200},
  )
})

describe('a command with a hostile name', () => {
  const screens = [
    {...screen, unicode: true},
    {...screen, unicode: false},
  ]
  const shellOf = (command: string) => execFileSync('/bin/sh', [], {input: command, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore']})
  const commandOf = (...names: readonly string[]) => `printf '%s\\n' ${names.map(shellWord).join(' ')}`

  test.each([
    ['typographic quotes, which ASCII has to do without', ['a’; echo FREE; ’b', '“$(echo FREE)”']],
    ['a name so long that it would be cut', [`'${'a'.repeat(9_000)}`, '; echo FREE;']],
    ['quotes, substitutions, redirections', [`'; echo FREE; '`, '"; echo FREE; "', '$(echo FREE)', '`echo FREE`', 'a\\', '|echo FREE', '!!']],
    ['line breaks of all kinds', ['a\necho FREE', 'a\recho FREE', 'a\u2028echo FREE', 'a\x85echo FREE']],
    ['what a terminal obeys', ['\x1b[2J\x1b]52;c;eA==\x07', '\u202e', '\0', '\ud800']],
  ])('%s: pasted, it stays one word', (_name, names) => {
    for (const wanted of screens) {
      const shown = penFor(wanted).command(commandOf(...names))
      expect(shown).toMatch(wanted.unicode ? /^[^\p{Cc}\p{Cf}\p{Cs}]*$/u : /^[\x20-\x7e]*$/)
      const lines = shellOf(shown).split('\n').slice(0, -1)
      expect(lines.filter(line => line === 'FREE')).toEqual([])
      expect([0, names.length]).toContain(lines.length)
    }
  })

  test('any names at all', () => {
    fc.assert(
      fc.property(fc.array(anyText, {minLength: 1, maxLength: 4}), fc.constantFrom(...screens), (names, wanted) => {
        const shown = penFor(wanted).command(commandOf(...names.map(name => name.slice(0, 500))))
        expect(shellOf(shown).split('\n')).toHaveLength(names.length + 1)
      }),
      {numRuns: 150},
    )
  })
})
