import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readMetrics, wantedLines} from '../../src/calico/prometheus-text.ts'

const read = (text: string, ...names: string[]) => {
  const {samples, unread} = readMetrics(text, new Set(names))
  return {samples: Object.fromEntries(samples), unread: [...unread]}
}
const one = (line: string) => read(`${line}\n`, 'm').samples.m?.[0]

describe('a line', () => {
  test.each([
    ['m 1', 1],
    ['m 1e+06', 1_000_000],
    ['m -0.25', -0.25],
    ['m .5', 0.5],
    ['m 5.', 5],
    ['m +3', 3],
    ['m NaN', Number.NaN],
    ['m +Inf', Infinity],
    ['m -Inf', -Infinity],
    ['m Infinity', Infinity],
    ['m 1 1395066363000', 1],
    ['m{} 7', 7],
    ['m {a="b"} 7', 7],
    ['m\t7\t', 7],
    ['m 1.7e308', 1.7e308],
    ['m 1\r', 1],
  ])('%j is %j', (line, value) => expect(one(line)?.value).toBe(value))
  test.each([
    'm',
    'm x',
    'm 1 x',
    'm 1 2 3',
    'm{ 1',
    'm{a} 1',
    'm{a="b} 1',
    'm{a="b"',
    'm{a=b} 1',
    'm{a="b"c="d"} 1',
    'm 0x10',
    'm 1,5',
    'm{0a="b"} 1',
    'm --1',
  ])('%j cannot be read', line => expect(read(`${line}\n`, 'm')).toEqual({samples: {}, unread: ['m']}))
  test('labels, with what is escaped in them', () => {
    expect(one(String.raw`m{a="x",b="C:\\DIR\n\"q\"", c = "}, {" ,} 1`)?.labels).toEqual({a: 'x', b: 'C:\\DIR\n"q"', c: '}, {'})
    expect(Object.keys(one('m{__proto__="x",constructor="y"} 1')!.labels)).toEqual(['__proto__', 'constructor'])
  })
  test('no more labels than anybody has', () => {
    const labels = (count: number) => Array.from({length: count}, (_, index) => `l${index}="v"`).join(',')
    expect(one(`m{${labels(64)}} 1`)).toBeDefined()
    expect(one(`m{${labels(65)}} 1`)).toBeUndefined()
  })
})

test('comments, empty lines and what nobody wants are passed over', () => {
  const page = '# HELP m Help of m 5\n# TYPE m gauge\n\n  \nmm 2\nm_sum 3\nm 1\nm:x 4\nother{a="b} 5\n'
  expect(read(page, 'm')).toEqual({samples: {m: [{labels: {}, value: 1}]}, unread: []})
  expect(read(page, 'm_sum', 'm:x').samples).toMatchObject({m_sum: [{value: 3}], 'm:x': [{value: 4}]})
})

test('histograms and summaries keep their parts', () => {
  const page = 'h_bucket{le="0.1"} 3\nh_bucket{le="+Inf"} 9\nh_sum 4.5\nh_count 9\ns{quantile="0.5"} NaN\ns{quantile="0.99"} 0.2\ns_sum 7\ns_count 3\n'
  const {samples} = read(page, 'h_bucket', 'h_sum', 's', 's_count')
  expect(samples.h_bucket).toEqual([
    {labels: {le: '0.1'}, value: 3},
    {labels: {le: '+Inf'}, value: 9},
  ])
  expect(samples.s!.map(({value}) => value)).toEqual([Number.NaN, 0.2])
})

test('of a name with one broken line nothing is kept: the rest would be another number', () => {
  expect(read('m 1\nn 5\nm x\nm 2\n', 'm', 'n')).toEqual({samples: {n: [{labels: {}, value: 5}]}, unread: ['m']})
})

test('a line that was cut off says nothing', () => {
  expect(read('m 12\nm 3', 'm').samples.m).toEqual([{labels: {}, value: 12}])
  expect(read('m 3', 'm')).toEqual({samples: {}, unread: []})
})

test('only wanted lines are kept of a page, and they say the same', () => {
  const page = '# HELP m x\nm{a="b"} 1\nn 2\nm 3\n'
  expect(wantedLines(page, new Set(['m']), 1_000)).toEqual({page: 'm{a="b"} 1\nm 3\n', cut: false})
  expect(wantedLines(page, new Set(['m']), 12)).toEqual({page: 'm{a="b"} 1\n', cut: true})
  expect(wantedLines('', new Set(['m']), 12)).toEqual({page: '', cut: false})
})

test('nothing makes it throw, and what it reads it reads from the kept lines too', () => {
  const word = fc.constantFrom('m', '{', '}', '"', '\\', ',', '=', ' ', '\n', 'a', '1', 'e', '+Inf', 'NaN', '#', '\r', '\u2028', '\0')
  const text = fc.oneof(
    fc.string(),
    fc.string({unit: 'grapheme'}),
    fc.array(word, {maxLength: 60}).map(parts => parts.join('')),
  )
  fc.assert(
    fc.property(text, given => {
      const wanted = new Set(['m'])
      const whole = readMetrics(given, wanted)
      expect(readMetrics(wantedLines(given, wanted, 1_000_000).page, wanted)).toEqual(whole)
    }),
    {numRuns: 2_000},
  )
})

test('what was written is read again', () => {
  const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,9}$/), fc.string(), {maxKeys: 8}), fc.double(), (labels, value) => {
      const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text.replaceAll('\r', ''))}"`)
      const sample = one(`m{${pairs.join(',')}} ${value}`)
      expect(sample?.value).toBe(Object.is(value, -0) ? 0 : value)
      expect(Object.keys(sample!.labels).sort()).toEqual(Object.keys(labels).sort())
    }),
  )
})

test('ten megabytes take a moment, of whatever they are', () => {
  const size = 10_000_000
  const hostile = [
    'm{a="'.repeat(size / 5),
    `m{${'a="b",'.repeat(size / 6)}} 1\n`,
    `m{a="${'\\"'.repeat(30_000)}\n`.repeat(160),
    'm 1\n'.repeat(size / 4),
    '# HELP m\n'.repeat(size / 9),
    ' '.repeat(size),
    `m ${' '.repeat(65_000)}x\n`.repeat(150),
    `${'m'.repeat(255)}{a="b"} 1\n`.repeat(size / 265),
  ]
  for (const text of hostile) {
    const started = performance.now()
    readMetrics(text, new Set(['m']))
    expect(performance.now() - started, JSON.stringify(text.slice(0, 20))).toBeLessThan(2_000)
  }
  expect(readMetrics('m 1\n'.repeat(60_000), new Set(['m']))).toEqual({samples: new Map(), unread: new Set(['m'])})
})
