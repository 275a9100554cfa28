import fc from 'fast-check'
import {expect, test} from 'vitest'
import {shapedEvidence} from '../../src/bundle/evidence-shapes.ts'
import {snapshotFrom} from '../../src/bundle/snapshot-shape.ts'
import {nodeStatusOf} from '../../src/calico/node-status.ts'
import {loadChecks} from '../../src/checks/index.ts'
import {nodeStatusFacts} from '../../src/cli/node-status.ts'
import {collectors} from '../../src/collectors/index.ts'
import {startSimulatedCluster} from '../../src/demo/index.ts'
import {scenarioNames} from '../../src/demo/scenarios/index.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {report} from '../../src/engine/report.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {formats, render} from '../../src/reporters/index.ts'
import {renderNodeStatus} from '../../src/reporters/node-status.ts'
import {lookAt} from '../demo/look.ts'

/** How many looks are damaged in how many ways: `FUZZ_RUNS=2000 npx vitest run test/bundle/evidence-shapes.test.ts` for an evening. */
const runs = Number(process.env.FUZZ_RUNS ?? 100)
const checks = await loadChecks()
const screen = {width: 100, colour: false, unicode: true}

const garbage: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  '',
  'garbage',
  [],
  ['x'],
  [null],
  {},
  {known: true},
  JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}'),
]

type Statuses = ReadonlyMap<string, string>
/** Every check, every reporter and `node status`, as `--bundle` runs them. */
function judged(saved: Snapshot): Statuses {
  const snapshot = shapedEvidence(saved)
  const table = readFacts(snapshot, collectors)
  const whole = report(snapshot, table, checks, {version: '0'})
  for (const format of formats) render(whole, format, screen)
  renderNodeStatus(nodeStatusOf(table, {wide: false, problemsOnly: false}), 'table', screen)
  return new Map(whole.checks.map(({id, status}) => [id, status]))
}

const looks = await Promise.all(
  scenarioNames.map(async scenario => {
    const cluster = await startSimulatedCluster({scenario, nodes: 4})
    const {snapshot} = await lookAt(cluster, checks, nodeStatusFacts)
    await cluster.close()
    return {scenario, snapshot}
  }),
)

test.each(looks)('$scenario: what was collected keeps to the shapes', ({snapshot}) => {
  expect(shapedEvidence(snapshot)).toEqual(snapshot)
})

type Path = readonly (string | number)[]
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...path, key]))]
}
const at = (value: any, path: Path): any => path.reduce((here, key) => here[key], value)
const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value)

function damaged(snapshot: Snapshot, path: Path, seed: number): unknown {
  const copy = structuredClone(snapshot) as any
  const [last, ...above] = path.toReversed()
  const owner = at(copy, above.toReversed())
  const others = garbage.filter(value => kindOf(value) !== kindOf(owner[last!]))
  owner[last!] = others[seed % others.length]
  return JSON.parse(JSON.stringify(copy))
}

test('values of another type anywhere: no check breaks, and none passes that failed or did not know', {timeout: 60_000 + runs * 200}, () => {
  const cases = looks.map(({snapshot}) => ({
    snapshot,
    real: judged(snapshot),
    paths: Object.entries(snapshot.evidence).map(([source, takes]) => pathsIn(takes, ['evidence', source])),
  }))
  fc.assert(
    fc.property(fc.nat(cases.length - 1), fc.nat(1_000), fc.nat(), fc.nat(1_000), (which, source, where, seed) => {
      const {snapshot, real, paths} = cases[which]!
      const inSource = paths[source % paths.length]!
      const path = inSource[where % inSource.length]!
      const read = snapshotFrom(damaged(snapshot, path, seed))
      if (!read.snapshot) return
      const started = performance.now()
      for (const [id, status] of judged(read.snapshot)) {
        expect(status, `${id} ${path.join('.')}`).not.toBe('crashed')
        if (status === 'pass') expect(['pass', 'not-applicable'], `${id} was ${real.get(id)}, without ${path.join('.')} it passes`).toContain(real.get(id))
      }
      expect(performance.now() - started).toBeLessThan(5_000)
    }),
    {numRuns: runs},
  )
})
