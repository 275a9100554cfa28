import {expect, test} from 'vitest'
import {manifestFrom} from '../../src/bundle/manifest-from.ts'
import {contentsPage} from '../../src/cli/bundle-text.ts'

const manifest = {
  schema: 1,
  tool: {name: 'calico-doctor', version: '1.0.0'},
  start: 'a',
  end: 'b',
  partial: null,
  nodes: {wanted: ['n'], got: ['n'], missed: [], partly: []},
  api: {missed: []},
  files: [{path: 'x', source: 'cat'}],
}
const evidence = {
  missed: [{node: 'n', source: 'ipset list', why: 'failed', detail: 'exit 1'}],
  leftOut: [{why: 'time', detail: 'the time was over', nodes: ['n'], what: ['n: x']}],
}
const screen = {width: 80, colour: false, unicode: true}

test('what was left out is shown again', () => {
  const page = contentsPage(manifestFrom(JSON.stringify({...manifest, evidence})), [], screen)
  expect(page).toContain('? raw evidence of node n: 1 answer failed, for example ipset list: exit 1\n')
  expect(page).toContain('? left out of node n: the time was over\n')
})

test('evidence of any other shape is no manifest of ours, and never a crash', () => {
  const odd = [
    5,
    'x',
    null,
    [],
    {},
    [null],
    [5],
    [{}],
    [{why: 5, detail: 'x', nodes: [], what: []}],
    [{why: 'time', detail: 'x', nodes: 5, what: []}],
    [{why: 'time', detail: 'x', nodes: [5], what: 'x'}],
  ]
  for (const value of odd)
    for (const some of [value, {missed: value}, {leftOut: value}, {...evidence, missed: value}, {...evidence, leftOut: value}])
      expect(() => contentsPage(manifestFrom(JSON.stringify({...manifest, evidence: some})), [], screen)).not.toThrow()
})
