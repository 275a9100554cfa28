import fc from 'fast-check'
import {expect, test} from 'vitest'
import {compileFilter} from '../../src/tui/filter.ts'

const matches = (pattern: string, text: string): boolean | string => {
  const compiled = compileFilter(pattern)
  return 'invalid' in compiled ? compiled.invalid : compiled.matches(text.toLowerCase())
}

test('without regard to case, anywhere in the row', () => {
  expect(matches('WORKER', 'Worker-1')).toBe(true)
  expect(matches('^worker-\\d+$', 'worker-12')).toBe(true)
  expect(matches('[A-C]x', 'bx')).toBe(true)
  expect(matches('10.0.0.1', '10.0.0.1')).toBe(true)
  expect(matches('', 'anything')).toBe(true)
})

test('! turns it round', () => {
  expect(matches('!established', 'Established')).toBe(false)
  expect(matches('!established', 'Active')).toBe(true)
  expect(matches('!', 'all')).toBe(true)
})

test.each([
  ['(', 'a ( without )'],
  [')', 'a ) without ('],
  ['[a', 'a [ without ]'],
  ['*a', 'nothing to repeat'],
  ['a**', 'nothing to repeat'],
  ['a{3,1}', 'numbers out of order in {}'],
  ['a{500}', 'more than 100 repeats'],
  ['(a{100}){100}', 'too much to repeat'],
  ['(?=a)', 'look-around and named groups are not known here'],
  ['(a)\\1', 'back references are not known here'],
  ['a\\', 'a \\ at the end'],
  ['x'.repeat(201), 'longer than 200 characters'],
])('%j is no filter, and says why', (pattern, reason) => expect(matches(pattern, 'a')).toBe(reason))

test('a pattern that JavaScript would try for ever takes no time', () => {
  const text = `${'a'.repeat(500)}!`
  const started = performance.now()
  for (const pattern of ['(a+)+$', '^(a|a)*$', '(a|aa)+$', '(.*)*x', '(.*a){20}$', 'a*a*a*a*a*a*b', '((a?){30}a{30})+x'])
    expect(matches(pattern, text), pattern).toBe(false)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('it finds what JavaScript finds', () => {
  const atom = fc.constantFrom('a', 'b', 'c', '.', '\\d', '\\w', '[ab]', '[^a]', '1', '\\.', '\\b')
  const pattern = fc.letrec<{node: string}>(tie => ({
    node: fc.oneof(
      {maxDepth: 4, withCrossShrink: true},
      atom,
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
      fc.tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{0,}')).map(([a, count]) => `(?:${a})${count}`),
      tie('node').map(a => `^${a}`),
      tie('node').map(a => `${a}$`),
    ),
  })).node
  fc.assert(
    fc.property(pattern, fc.string({unit: fc.constantFrom('a', 'b', 'c', '1', '.', ' '), maxLength: 12}), (source, text) => {
      fc.pre(source.length <= 200)
      const found = matches(source, text)
      if (found !== 'too much to repeat') expect(found).toBe(new RegExp(source).test(text))
    }),
    {numRuns: 1_000},
  )
})

test('any text is a filter or says why not', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.string(), (source, text) => void matches(source, text)),
    {numRuns: 200},
  )
})
