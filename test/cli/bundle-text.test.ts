import {expect, test} from 'vitest'
import type {ManifestEvidence, ManifestHead} from '../../src/bundle/manifest.ts'
import {bundleExitCode, collectedPage, estimateText} from '../../src/cli/bundle-text.ts'
import {bytesText, durationText} from '../../src/cli/bundle-words.ts'

const nodes = Array.from({length: 30}, (_, index) => `worker-${index}`)
const evidence: ManifestEvidence = {
  sick: [{node: 'worker-3', reason: 'not ready'}],
  sample: nodes.slice(4, 10),
  missed: [],
  leftOut: [{why: 'sample', detail: 'healthy', nodes: nodes.slice(10), what: []}],
  estimate: {nodes: 7, tasks: 20, bytes: 4e6, ms: 9_000},
  limits: {timeoutMs: 1, nodeTimeoutMs: 1, nodeTotalMs: 1, maxBytes: 5e8, maxFileBytes: 1, sinceSeconds: null, tailLines: 1, sampleNodes: 6, concurrency: 20},
}
const manifest: ManifestHead = {
  schema: 1,
  tool: {name: 'calico-doctor', version: '0.0.0'},
  arguments: [],
  start: '2026-11-21T06:00:00.000Z',
  end: '2026-11-21T06:00:09.000Z',
  partial: null,
  nodes: {wanted: nodes, got: nodes, missed: [], partly: []},
  api: {missed: []},
  evidence,
  struckOut: 0,
}
const screen = {width: 80, colour: false, unicode: true}
const page = (rest: Partial<ManifestHead>) =>
  collectedPage({file: 'b.tar.gz', size: 1_234_567, files: 312, inflated: 9_876_543, manifest: {...manifest, ...rest}}, screen)

test('all is there: where, how large, of how many nodes, what next', () => {
  expect(page({})).toBe(
    [
      'Wrote b.tar.gz',
      '  1.2 MB (9.9 MB before compression), 312 files, 30 of 30 nodes',
      '  raw evidence: 1 with signs of trouble, 6 for comparison',
      'Next  calico-doctor check --bundle b.tar.gz',
      '',
    ].join('\n'),
  )
})

test('a thousand nodes with a cause that differs by a pod each are one line', () => {
  const missed = nodes.map((node, index) => ({node, why: 'forbidden' as const, detail: `exec in calico-system/calico-node-x${index}: 403`}))
  const text = page({nodes: {wanted: nodes, got: [], missed, partly: []}})
  expect(text).toContain('  ? 30 nodes: worker-0, worker-1, worker-2, … +27: forbidden, exec in\n    calico-system/calico-node-x0: 403, and the like\n')
  expect(text.split('\n')).toHaveLength(8)
})

test('what was cut off and what evidence is missing: counted, and what a node lacks is no news', () => {
  const text = page({
    partial: 'the size (--max-size) was used up before everything was kept',
    evidence: {
      ...evidence,
      missed: [
        {node: 'worker-3', source: 'ipset list', why: 'failed', detail: 'exit 1'},
        {node: 'worker-4', source: 'ipset list', why: 'absent', detail: 'not in this image'},
      ],
      leftOut: [...evidence.leftOut, {why: 'size', detail: 'no room within --max-size', nodes: ['worker-8', 'worker-9'], what: ['x']}],
    },
  })
  expect(text).toContain('  ! partial: the size (--max-size) was used up')
  expect(text).toContain('  ? raw evidence of node worker-3: 1 answer failed, for example ipset list: exit\n    1\n')
  expect(text).toContain('  ? left out of 2 nodes: worker-8, worker-9: no room within --max-size\n')
  expect(text).not.toContain('not in this image')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('a missing right comes with the way to it, and a look larger than --max-size is said', () => {
  const forbidden = page({api: {missed: [{source: 'nodes', why: 'forbidden', detail: '403'}]}})
  expect(forbidden).toContain('  ? nodes: forbidden, 403\n    calico-doctor bundle collect --print-rbac prints the rights that it needs.\n')
  const text = page({evidence: {...evidence, limits: {...evidence.limits, maxBytes: 1_000}}})
  expect(text).toContain('  ! larger than --max-size (1.0 kB): the look alone, which is always kept,')
})

test('exit codes', () => {
  expect(bundleExitCode({manifest})).toBe(0)
  expect(bundleExitCode({manifest: {...manifest, partial: 'x'}})).toBe(3)
  expect(bundleExitCode({manifest: {...manifest, partial: 'x'}, ended: 'interrupted'})).toBe(130)
})

test('the estimate is one sentence, and none where nothing is asked', () => {
  const plan = {sick: evidence.sick, sample: evidence.sample, leftOut: [], estimate: evidence.estimate}
  expect(estimateText({...plan, tasks: []}, {wanted: nodes})).toBe('')
  const task = {what: '', estimate: {bytes: 1, ms: 1}, maxBytes: 1, run: () => ReadableStream.from<never>([])}
  expect(estimateText({...plan, tasks: [task]}, {wanted: nodes})).toBe(
    'Raw evidence of 7 of 30 nodes (1 with signs of trouble, 6 for comparison): about 4.0 MB before compression, about 9 s. Ctrl-C keeps what there is.\n',
  )
})

test('sizes and times in words', () => {
  expect([0, 999, 1_000, 1_500_000, 2e9, 5e12].map(bytesText)).toEqual(['0 B', '999 B', '1.0 kB', '1.5 MB', '2.0 GB', '5000.0 GB'])
  expect([0, 1_400, 45_000, 150_000].map(durationText)).toEqual(['1 s', '1 s', '45 s', '3 min'])
})
