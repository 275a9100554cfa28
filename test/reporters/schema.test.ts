import {readFileSync} from 'node:fs'
import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js'
import {load} from 'js-yaml'
import {expect, test} from 'vitest'
import {nodeStatusOf} from '../../src/calico/node-status.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {render} from '../../src/reporters/index.ts'
import {renderNodeStatus} from '../../src/reporters/node-status.ts'
import {bird, down, facts, mesh, noBird, nodeNames, session} from './node-status-facts.ts'
import {blind, check, cluster, finding, healthy, incident, reportOf, screen} from './reports.ts'

const schema = (file: string): ValidateFunction => {
  const ajv = new Ajv2020({allErrors: true, strict: true, strictTypes: false, formats: {'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/}})
  return ajv.compile(JSON.parse(readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')))
}
const isReport = schema('report.schema.json')
const isNodeStatus = schema('node-status.schema.json')
const json = (report = healthy) => JSON.parse(render(report, 'json', screen))

const hostile = reportOf(
  [
    check('bgp/session-down', 'fail', {
      findings: [
        finding({
          subjects: [
            {kind: 'Node', name: '\u001b[2J\n'},
            {kind: 'Pod', name: 'a', namespace: 'b'},
          ],
        }),
      ],
    }),
  ],
  {
    source: {kind: 'bundle', file: 'may.tar.gz'},
  },
)
test.each(Object.entries({healthy, incident, blind, hostile}))('a report is as published: %s', (_name, report) => {
  isReport(json(report))
  expect(isReport.errors ?? []).toEqual([])
  expect(load(render(report, 'yaml', screen))).toEqual(json(report))
})

test('the schema refuses what is not published', () => {
  const document = json()
  for (const wrong of [
    {...document, extra: 1},
    {...document, kind: 'NodeStatus'},
    {...document, cluster: {...document.cluster, calicoVersion: undefined}},
    {...document, checks: [{...document.checks[0], status: 'ok'}]},
    {...document, coverage: {...document.coverage, percent: 101}},
  ])
    expect(isReport(JSON.parse(JSON.stringify(wrong)))).toBe(false)
})

test('what was not seen is null with its cause, never empty', () => {
  const {cluster: printed, checks, coverage} = json(blind)
  expect(printed).toMatchObject({kubernetesVersion: null, nodes: null, dataplane: 'iptables'})
  expect(printed.notSeen).toEqual([
    {field: 'kubernetesVersion', why: 'forbidden', detail: 'list nodes: 403'},
    {field: 'dataplane', why: 'failed', detail: 'seen in part: page 2 failed'},
    {field: 'nodes', why: 'forbidden', detail: 'list nodes: 403'},
  ])
  expect(checks[0].missing[0]).toEqual({fact: 'links', node: 'worker-1', why: 'forbidden', detail: 'pods/exec in calico-system'})
  expect(coverage.facts.missing).toEqual([{fact: 'nodes', why: 'forbidden', detail: 'list nodes: 403'}])
})

test('machines get names as the cluster has them, and everything that was found', () => {
  expect(json(hostile).checks[0].findings[0].subjects[0].name).toBe('\u001b[2J\n')
  expect(json(incident).checks[1].findings[0].evidence).toHaveLength(11)
  expect(Object.keys(json(incident))).toEqual(['apiVersion', 'kind', 'tool', 'takenAt', 'durationMs', 'source', 'cluster', 'summary', 'coverage', 'checks'])
  expect(Object.keys(json().cluster)).toEqual([...Object.keys(cluster), 'notSeen'])
})

const names = nodeNames(3)
const refused = unknown('forbidden', 'pods/exec')
const statuses = {
  healthy: facts(names),
  sick: facts(names, {
    birdV4: known({...mesh(names), 'worker-1': noBird(), 'worker-2': bird(down('10.0.0.1'), session('10.0.0.3', {port: 180})), 'worker-3': refused}),
  }),
  blind: facts(names, {birdV4: refused, birdV6: refused}),
  off: facts(names, {
    bgpSettings: known({backend: 'vxlan', backendSource: 'env', mesh: true, asNumber: '64512', listenPort: 179}),
    birdV4: known({'worker-1': noBird()}),
    birdV6: known({'worker-1': noBird()}),
  }),
}
test.each(Object.entries(statuses))('node status is as published: %s', (_name, table) => {
  for (const wide of [false, true]) {
    isNodeStatus(JSON.parse(renderNodeStatus(nodeStatusOf(table, {wide, problemsOnly: false}), 'json', screen)))
    expect(isNodeStatus.errors ?? []).toEqual([])
  }
})

test('what a terminal obeys is an escape in JSON and YAML, and still the same value', () => {
  const name = '\u001b[2J\u009b31m\u202eabc\u2066\u2028\u200b\ufeff\u007f\0\ud800\u{e0041} plain ’é節'
  const lines = 'first\nsecond \u202e'
  const report = reportOf([
    check('bgp/session-down', 'fail', {findings: [finding({message: name, evidence: [lines, 'null', '12', ''], subjects: [{kind: 'Node', name}]})]}),
  ])
  const status = nodeStatusOf(facts(['worker-1'], {birdV4: known({[name]: bird(down('10.0.0.2', {error: lines}))})}), {wide: false, problemsOnly: false})
  const texts = [
    [render(report, 'json', screen), render(report, 'yaml', screen)],
    [renderNodeStatus(status, 'json', screen), renderNodeStatus(status, 'yaml', screen)],
  ]
  for (const [asJson, asYaml] of texts as [string, string][]) {
    for (const text of [asJson, asYaml]) expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    expect(asJson).toContain('plain ’é節')
    expect(load(asYaml)).toEqual(JSON.parse(asJson))
  }
  expect(json(report).checks[0].findings[0]).toMatchObject({message: name, evidence: [lines, 'null', '12', '']})
})
