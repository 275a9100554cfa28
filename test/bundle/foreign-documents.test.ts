import fc from 'fast-check'
import {dump} from 'js-yaml'
import {expect, test} from 'vitest'
import {documentsIn} from '../../src/bundle/foreign/documents.ts'

/** Lists are read item by item: what comes out is what the whole would have been. */
const text = fc.oneof(
  fc.string({unit: 'grapheme', maxLength: 12}),
  fc.constantFrom('- a\n- b', 'items:\n- x\n', '"items": [', '---\n', '{', '}', ' : ', '#', '|', '\\"'),
)
const value = fc.letrec(tie => ({
  any: fc.oneof(
    {maxDepth: 3},
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), {maxLength: 3}),
    fc.dictionary(fc.constantFrom('a', 'items', 'kind', 'x y'), tie('any'), {maxKeys: 3}),
  ),
})).any
const item = fc.dictionary(fc.constantFrom('apiVersion', 'kind', 'metadata', 'items', 'spec'), value, {maxKeys: 4})
const list = fc.record({apiVersion: fc.constant('v1'), items: fc.array(item, {minLength: 1, maxLength: 4}), kind: text, metadata: item})

test('JSON: with any layout of blanks', () => {
  fc.assert(
    fc.property(list, fc.constantFrom(0, 1, 4), (any, indent) => {
      const json = JSON.stringify(any, null, indent)
      expect(documentsIn(`${json}\n${json}`)).toEqual({values: [JSON.parse(json), JSON.parse(json)], broken: 0})
    }),
    {numRuns: 500},
  )
})

test("YAML: with kubectl's dashes, and with indented ones", () => {
  fc.assert(
    fc.property(list, fc.boolean(), (any, indented) => {
      const plain = JSON.parse(JSON.stringify(any))
      const yaml = dump(plain, {noRefs: true, seqNoIndent: !indented} as object)
      const {values, broken} = documentsIn(`${yaml}---\n${yaml}`)
      expect({values, broken}).toEqual({values: [plain, plain], broken: 0})
    }),
    {numRuns: 500},
  )
})

test('one item that cannot be read, and the list is not believed', () => {
  expect(documentsIn('apiVersion: v1\nitems:\n- a: 1\n- b: [\nkind: List\n')).toEqual({values: [], broken: 1})
  expect(documentsIn('apiVersion: v1\nitems:\n- a: &x 1\n- b: *x\nkind: List\n')).toEqual({values: [], broken: 1})
  expect(documentsIn('{"items": [{"a": 1}, {"b": nul}], "kind": "List"}')).toEqual({values: [], broken: 1})
})

test('what is cut off in the middle of a list', () => {
  const yaml = 'apiVersion: v1\nitems:\n- a: 1\n- b: 2\nkind: List\n'
  expect(documentsIn(yaml.slice(0, -13), true)).toEqual({values: [], broken: 1})
  expect(documentsIn('{"items": [{"a": 1}, {"b"', true)).toEqual({values: [], broken: 1})
})
