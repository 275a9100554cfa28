import {readFileSync} from 'node:fs'
import {Ajv2020} from 'ajv/dist/2020.js'
import {describe, expect, test} from 'vitest'
import {loadChecks} from '../../src/checks/index.ts'
import type {Check} from '../../src/engine/check.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {tableOf} from '../../src/engine/examples.ts'
import {type FactTable, perNodeFacts} from '../../src/engine/facts.ts'
import {report} from '../../src/engine/report.ts'
import type {Snapshot} from '../../src/engine/snapshot.ts'
import {render} from '../../src/reporters/index.ts'
import {columns} from '../../src/reporters/wrap.ts'
import {screen} from './reports.ts'

const ajv = new Ajv2020({strict: false, formats: {'date-time': true}})
const isReport = ajv.compile(JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8')))
const checks = await loadChecks()
/** An engine's table and snapshot name the same nodes. */
const snapshotOf = (table: FactTable): Snapshot => ({
  schema: 1,
  takenAt: '2026-11-21T03:16:05.123Z',
  durationMs: 2140,
  source: {kind: 'live'},
  settings: {exec: 'pod', checks: [], nodes: []},
  nodesWanted: known([...new Set([...perNodeFacts].flatMap(fact => (table[fact]?.known ? Object.keys(table[fact].value) : [])))]),
  evidence: {},
})
const reports = (check: Check) => {
  const tables = Object.values(check.examples).map(example => tableOf(check, example))
  const blind = tables.slice(0, 1).map(table => ({...table, [check.needs[0]!]: unknown('forbidden', '403')}))
  return [...tables, ...blind].map(table => report(snapshotOf(table), table, [check], {version: '0.1.0'}))
}

describe.each(checks.map(check => [check.id, check] as const))('%s', (_id, check) => {
  test('reports as published', () => {
    for (const judged of reports(check)) {
      isReport(JSON.parse(render(judged, 'json', screen)))
      expect(isReport.errors ?? []).toEqual([])
    }
  })
  test('reads well on 80 columns', () => {
    for (const judged of reports(check)) {
      const commands = judged.checks.flatMap(({findings}) =>
        findings.flatMap(({fix, verify}) => [...fix, ...(verify ? [verify] : [])].flatMap(step => step.command?.split('\n').map(line => line.trim()) ?? [])),
      )
      for (const format of ['table', 'short'] as const) {
        const wide = render(judged, format, screen)
          .split('\n')
          .filter(line => columns(line) > screen.width && !commands.includes(line.trim()))
        expect(wide.filter(line => line.trim().includes(' '))).toEqual([])
      }
    }
  })
})
