import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {CalicoPod, KubeNode} from '../../src/calico/kubernetes.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {UsageError} from '../../src/engine/errors.ts'
import type {FactTable} from '../../src/engine/facts.ts'
import {matchesGlob} from '../../src/engine/node-pattern.ts'
import {nodesWanted} from '../../src/engine/nodes-wanted.ts'
import {kubeNode} from '../reporters/node-status-facts.ts'

const nodes: KubeNode[] = [
  {...kubeNode('worker-1'), labels: {zone: 'a', 'node-role.kubernetes.io/worker': ''}},
  {...kubeNode('worker-2'), labels: {zone: 'b', gpu: 'yes'}},
  {...kubeNode('edge.example'), labels: {zone: 'c'}},
  {...kubeNode('win-1'), operatingSystem: 'windows'},
]
const podOn = (node: string): CalicoPod => ({
  namespace: 'kube-system',
  name: `pod-${node}`,
  app: 'calico-node',
  node,
  phase: 'Running',
  ready: true,
  terminating: false,
  containers: [],
})
const table = (facts: Partial<FactTable>) => ({kubeNodes: known(nodes), calicoPods: known([]), ...facts}) as FactTable
const wanted = (...patterns: string[]) => nodesWanted(table({}), patterns)

describe('patterns', () => {
  test.each([
    [[], ['worker-1', 'worker-2', 'edge.example']],
    [['worker-2'], ['worker-2']],
    [['worker-*'], ['worker-1', 'worker-2']],
    [
      ['worker-?', 'worker-1'],
      ['worker-1', 'worker-2'],
    ],
    [['worker-2,worker-1'], ['worker-1', 'worker-2']],
    [['zone=a'], ['worker-1']],
    [['zone!=a'], ['worker-2', 'edge.example']],
    [['zone in (a, c)'], ['worker-1', 'edge.example']],
    [['zone notin (a),!gpu'], ['edge.example']],
    [['node-role.kubernetes.io/worker'], ['worker-1']],
    [['**********************************************1'], ['worker-1']],
  ])('%j', (patterns, names) => expect(wanted(...patterns)).toEqual(known(names)))

  test.each([
    ['worker-', 'Did you mean worker-1 or worker-2?'],
    ['edge?example.com', 'Did you mean edge.example?'],
    ['win-1', 'kubectl get nodes'],
    ['', 'kubectl get nodes'],
    ['.*', 'kubectl get nodes'],
    ['worker-[12]', 'Did you mean worker-1'],
    ['worker-1,nope', 'kubectl get nodes'],
    ['zone=d', 'kubectl get nodes'],
    ['!zone==', 'zone in (a,b)'],
    ['in (a)', 'zone in (a,b)'],
    ['a=b=c', 'zone in (a,b)'],
    ['zone in (a', 'zone in (a,b)'],
  ])('%j matches nothing, and says so', (pattern, next) => {
    expect(() => wanted(pattern)).toThrow(UsageError)
    expect(() => wanted(pattern)).toThrow(expect.objectContaining({next: expect.stringContaining(next)}))
  })

  test('no glob takes long, and each says what a regular expression of it says', () => {
    expect(matchesGlob('a'.repeat(5_000), `${'*a'.repeat(500)}b`)).toBe(false)
    fc.assert(
      fc.property(
        fc.string({unit: fc.constantFrom('a', 'b'), maxLength: 12}),
        fc.string({unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6}),
        (text, glob) => {
          expect(matchesGlob(text, glob)).toBe(new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text))
        },
      ),
    )
  })
})

describe('a list of nodes that was not had whole', () => {
  test('nodes of calico-node pods are asked too', () => {
    const partial = 'only the first 4: GET /api/v1/nodes: 410'
    expect(nodesWanted(table({kubeNodes: known(nodes, partial), calicoPods: known([podOn('worker-1'), podOn('worker-9'), podOn('win-1')])}), [])).toEqual(
      known(['worker-1', 'worker-2', 'edge.example', 'worker-9'], partial),
    )
  })

  test('a label selector that fits none of what was seen says what was not', () => {
    const unlisted = table({kubeNodes: unknown('forbidden', '403'), calicoPods: known([podOn('worker-9')])})
    expect(nodesWanted(unlisted, ['worker-*'])).toMatchObject({known: true, value: ['worker-9']})
    expect(() => nodesWanted(unlisted, ['zone=a'])).toThrow(expect.objectContaining({next: expect.stringContaining('nodes could not be listed (forbidden)')}))
  })
})
