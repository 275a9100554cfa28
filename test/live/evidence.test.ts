import {expect, onTestFinished, test, vi} from 'vitest'
import {known} from '../../src/engine/collected.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {liveEvidence} from '../../src/live/evidence.ts'

const settings: Snapshot['settings'] = {exec: 'pod', checks: [], nodes: []}
const said = known({argv: [], stdout: 'up', stderr: '', exit: 0})

function evidenceOf(...nodes: readonly string[]) {
  const evidence = liveEvidence({kind: 'live'}, settings, ['node/links'], 20)
  const takenAt = new Date().toISOString()
  evidence.api({schema: 1, takenAt, durationMs: 1, source: {kind: 'live'}, settings, nodesWanted: known(nodes), evidence: {}})
  return evidence
}
const takes = ({evidence}: Snapshot) => (evidence['node/links'] ?? []).map(({node, data}) => `${node} ${data.known ? 'known' : data.why}`)

test('what a node said long ago counts no more', () => {
  vi.useFakeTimers({toFake: ['Date']})
  onTestFinished(() => void vi.useRealTimers())
  const evidence = evidenceOf('a', 'b')
  evidence.node('a', new Date(), 5, new Map([['node/links', said]]))
  vi.setSystemTime(Date.now() + 9 * 60_000)
  evidence.node('b', new Date(), 5, new Map([['node/links', said]]))
  expect(takes(evidence.snapshot())).toEqual(['a known', 'b known'])
  vi.setSystemTime(Date.now() + 2 * 60_000)
  expect(takes(evidence.snapshot())).toEqual(['a not-collected', 'b known'])
})

test('where a turn of all nodes takes longer, so do answers', () => {
  const names = Array.from({length: 12_000}, (_, index) => `n${index}`)
  const evidence = evidenceOf(...names)
  evidence.node('n0', new Date(Date.now() - 20 * 60_000), 5, new Map([['node/links', said]]))
  expect(takes(evidence.snapshot())).toEqual(['n0 known'])
})

test('a node that is gone is forgotten, and one that is not wanted is left out', () => {
  const evidence = evidenceOf('a', 'b')
  for (const node of ['a', 'b', 'c']) evidence.node(node, new Date(), 5, new Map([['node/links', said]]))
  expect(takes(evidence.snapshot())).toEqual(['a known', 'b known'])
  evidence.forget(['a'])
  expect(takes(evidence.snapshot())).toEqual(['b known'])
})
