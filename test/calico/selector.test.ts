import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parseSelector, SelectorError, selects} from '../../src/calico/selector.ts'

const labels = {role: 'frontend', zone: 'eu-1a', 'node-role.kubernetes.io/control-plane': '', has: 'a', in: 'b', 'a.b/c_d-e': 'x'}

describe('selects', () => {
  test.each([
    '',
    ' \t ',
    'all()',
    'all( )',
    'global()',
    'has(role)',
    'has( role )',
    'has(node-role.kubernetes.io/control-plane)',
    'role == "frontend"',
    "role=='frontend'",
    'role!="backend"',
    'missing != "x"',
    'missing not in {"x"}',
    'role in {"frontend", \'backend\',}',
    'role in{"frontend"}',
    'role not in {}',
    'role notin {"backend"}',
    'role contains "ront"',
    'role contains"ront"',
    'zone starts with "eu-"',
    'zone startswith "eu-"',
    'zone ends  with "1a"',
    'zone endswith"1a"',
    'role contains ""',
    '!has(missing)',
    '!!has(role)',
    '!!!has(missing)',
    '! ( has(missing) || role == "backend" )',
    'has(missing) || has(role) && has(zone)',
    '(has(missing) || has(role)) && has(zone)',
    'has == "a"',
    'in == "b"',
    'in in {"b"}',
    'a.b/c_d-e == "x"',
    'role == "frontend"\t&&\tzone != ""',
    "node-role.kubernetes.io/control-plane == ''",
  ])('%j', selector => expect(parseSelector(selector)(labels)).toBe(true))
})

describe('does not select', () => {
  test.each([
    '!all()',
    '!global()',
    'has(missing)',
    'role == "Frontend"',
    'role != "frontend"',
    'missing == ""',
    'missing in {"a"}',
    'missing contains ""',
    'missing starts with ""',
    'missing ends with ""',
    'role in {}',
    'role not in {"frontend"}',
    'has(role) && has(missing)',
    'has(role) && !has(zone) || has(missing)',
    // Labels come from a JSON object: what every object has is no label.
    'has(toString)',
    'constructor != "x" && has(constructor)',
  ])('%j', selector => expect(parseSelector(selector)(labels)).toBe(false))
})

describe('is no selector', () => {
  test.each([
    'role',
    'role ==',
    'role = "x"',
    'role == x',
    '"x" == role',
    'role == "x',
    'role == "it\\"s"',
    'has (role)',
    'has()',
    'has(role',
    'all',
    '()',
    '(has(role)',
    'has(role))',
    'has(role) has(zone)',
    'has(role) &',
    'has(role) &&',
    '&& has(role)',
    'has(role) and has(zone)',
    'role in "x"',
    'role in {"x"',
    'role in {,}',
    'role in {"x" "y"}',
    'role in {x}',
    'role inside {"x"}',
    'role not {"x"}',
    '!',
    'has(role)\n&& has(zone)',
    'rôle == "x"',
    'role == "x" # comment',
    `has(${'a'.repeat(513)})`,
    'node-role.kubernetes.io/master == true',
  ])('%j', selector => {
    expect(() => parseSelector(selector)).toThrow(SelectorError)
    expect(selects(selector, labels)).toBe(undefined)
  })
})

test('says what it met and where', () => {
  expect(() => parseSelector('role == $x')).toThrow('not understood at character 9: "$x"')
  expect(() => parseSelector('role == ')).toThrow('expected a string in quotes, found the end')
  expect(() => parseSelector('(has(role) has(zone)')).toThrow('expected ), found "zone"')
})

test('no text throws anything else, or takes long', () => {
  const bits = fc.constantFrom('has(', ')', '(', '!', '&&', '||', ' in ', '{', '}', '"', "'", ',', 'a', ' ', '==', 'all()', 'not', 'starts with', '\n', 'é')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(bits, {maxLength: 60}).map(parts => parts.join('')),
      ),
      text => {
        expect([true, false, undefined]).toContain(selects(text, labels))
      },
    ),
    {numRuns: 2_000},
  )
  for (const text of [
    '('.repeat(100_000),
    '!'.repeat(100_001),
    'has('.repeat(50_000),
    'a'.repeat(1_000_000),
    `a in {${'"x",'.repeat(100_000)}`,
    ' '.repeat(1_000_000),
  ]) {
    const started = performance.now()
    selects(text, labels)
    expect(performance.now() - started).toBeLessThan(1_000)
  }
})

test('a selector in canonical form selects the same', () => {
  const key = fc.constantFrom('a', 'b', 'c')
  const value = fc.constantFrom('x', 'y', '')
  const comparison = fc.oneof(
    fc.tuple(key, value).map(([k, v]) => ({text: `${k} == "${v}"`, holds: (l: Record<string, string>) => l[k] === v})),
    fc.tuple(key, value).map(([k, v]) => ({text: `${k} != '${v}'`, holds: (l: Record<string, string>) => l[k] !== v})),
    key.map(k => ({text: `has(${k})`, holds: (l: Record<string, string>) => k in l})),
  )
  const {tree} = fc.letrec<{tree: {text: string; holds: (labels: Record<string, string>) => boolean}}>(tie => ({
    tree: fc.oneof(
      {maxDepth: 4},
      comparison,
      tie('tree').map(({text, holds}) => ({text: `!(${text})`, holds: (l: Record<string, string>) => !holds(l)})),
      fc.tuple(tie('tree'), tie('tree')).map(([p, q]) => ({text: `(${p.text} && ${q.text})`, holds: (l: Record<string, string>) => p.holds(l) && q.holds(l)})),
      fc.tuple(tie('tree'), tie('tree')).map(([p, q]) => ({text: `(${p.text}||${q.text})`, holds: (l: Record<string, string>) => p.holds(l) || q.holds(l)})),
    ),
  }))
  const some = fc.dictionary(key, value, {noNullPrototype: true})
  fc.assert(
    fc.property(tree, some, ({text, holds}, given) => {
      expect(parseSelector(text)(given)).toBe(holds(given))
    }),
    {numRuns: 1_000},
  )
})
