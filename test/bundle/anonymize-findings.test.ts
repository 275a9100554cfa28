import {describe, expect, test} from 'vitest'
import {type Anonymizer, anonymizer} from '../../src/bundle/anonymize.ts'
import {type Harvest, harvestFields, harvestSnapshot} from '../../src/bundle/anonymize-harvest.ts'
import {anonymizeJson} from '../../src/bundle/anonymize-json.ts'
import {anonymizeSnapshot} from '../../src/bundle/anonymize-snapshot.ts'
import {noNames} from '../../src/bundle/pseudonym-names.ts'
import {loadChecks} from '../../src/checks/index.ts'
import {collectors} from '../../src/collectors/index.ts'
import {scenarioNames, startSimulatedCluster} from '../../src/demo/index.ts'
import type {Finding} from '../../src/engine/check.ts'
import {examine} from '../../src/engine/examine.ts'
import {tableOf} from '../../src/engine/examples.ts'
import {type FactName, type FactTable, perNodeFacts} from '../../src/engine/facts.ts'
import {readFacts} from '../../src/engine/read-facts.ts'
import {type Report, report} from '../../src/engine/report.ts'
import {lookAt} from '../demo/look.ts'

const checks = await loadChecks()
const key = Buffer.from('a key that is the same every time')
const harvestOf = (): Harvest => ({names: noNames(), speakers: new Set(), blockSizes: {4: 26, 6: 122}})
const nothing = (text: string): Anonymizer => ({text: () => text, name: name => name, pseudonymOf: () => undefined, replaced: new Map()})

/** What was found, names apart: which message of which check, of what kind of thing and how many. */
const shape = ({check, messageId, severity, subjects}: Finding) => [check, messageId, severity, ...subjects.map(({kind}) => kind)].join(' ')
/** The same with the names that they now have. */
const named = ({check, messageId, subjects}: Finding, own: Anonymizer) =>
  [check, messageId, ...subjects.map(({kind, name}) => `${kind}/${own.name(name)}`).sort()].join(' ')

describe.each([...scenarioNames])('%s', name => {
  test('is judged as before, names apart', async () => {
    const cluster = await startSimulatedCluster({scenario: name})
    const {snapshot, table} = await lookAt(cluster, checks).finally(() => void cluster.close())
    const harvest = harvestOf()
    harvestSnapshot(snapshot, harvest)
    const own = anonymizer(harvest, key)
    const hidden = await anonymizeSnapshot(snapshot, own)
    const [before, after] = [report(snapshot, table, checks, {version: 'test'}), report(hidden, readFacts(hidden, collectors), checks, {version: 'test'})]
    const all = ({checks: judged}: typeof before) => judged.flatMap(({findings}) => findings)
    expect(after.checks.map(({id, status, reason}) => ({id, status, reason}))).toEqual(
      before.checks.map(({id, status, reason}) => ({id, status, reason: reason && own.text(reason)})),
    )
    expect(all(after).map(shape).sort()).toEqual(all(before).map(shape).sort())
    expect(
      all(after)
        .map(finding => named(finding, nothing('')))
        .sort(),
    ).toEqual(
      all(before)
        .map(finding => named(finding, own))
        .sort(),
    )
    expect(after.summary).toEqual(before.summary)
    expect(after.coverage.percent).toBe(before.coverage.percent)
    expect({...after.cluster, apiGroup: 0}).toEqual({...before.cluster, apiGroup: 0})
    const said = JSON.stringify([hidden, after])
    for (const node of harvest.names.nodes) expect(said, node).not.toMatch(new RegExp(`(?<![\\w])${node}(?![\\w])`))
    for (const [original] of own.replaced)
      if (!new Set([...own.replaced.values()].map(({pseudonym}) => pseudonym)).has(original)) expect(said).not.toContain(`"${original}"`)
  })
})

const traps: Readonly<Record<string, string>> = {
  'control-1': 'default',
  'control-2': 'kube-system',
  'control-3': 'calico-node',
  'worker-01': 'worker',
  'worker-02': 'a',
  'worker-03': 'node',
  'worker-04': 'ip-10-20-0-17.eu-west-1.compute.internal',
  'worker-05': 'Established',
  'worker-06': '10.20.1.11',
  'worker-07': 'node-01',
  'worker-08': 'true',
  'worker-09': 'tunl0',
}

test.each(['incident', 'kubespray', 'canal'])('%s with nodes of names that are words is judged as before', async scenario => {
  const cluster = await startSimulatedCluster({scenario})
  const seen = await lookAt(cluster, checks).finally(() => void cluster.close())
  const renamed = Object.entries(traps).reduce(
    (text, [from, to]) => text.replaceAll(new RegExp(`(?<![\\w-])${from}(?![\\w-])`, 'g'), to),
    JSON.stringify(seen.snapshot),
  )
  const snapshot = JSON.parse(renamed) as typeof seen.snapshot
  const harvest = harvestOf()
  harvestSnapshot(snapshot, harvest)
  const own = anonymizer(harvest, key)
  const hidden = await anonymizeSnapshot(snapshot, own)
  const [before, after] = [snapshot, hidden].map(one => report(one, readFacts(one, collectors), checks, {version: 'test'}))
  expect(after!.checks.map(({id, status}) => ({id, status}))).toEqual(before!.checks.map(({id, status}) => ({id, status})))
  const all = ({checks: judged}: Report) => judged.flatMap(({findings}) => findings)
  expect(
    all(after!)
      .map(finding => named(finding, nothing('')))
      .sort(),
  ).toEqual(
    all(before!)
      .map(finding => named(finding, own))
      .sort(),
  )
  expect(after!.coverage.percent).toBe(before!.coverage.percent)
  const nodes = hidden.nodesWanted.known ? hidden.nodesWanted.value : []
  for (const node of nodes) expect(node).toMatch(/^nodex?-\d\d(\.|$)|^nodex-/)
})

/** An example gives facts and no evidence: names are in their fields. */
function hiddenTable(table: FactTable): {readonly table: FactTable; readonly own: Anonymizer} {
  const harvest = harvestOf()
  const facts = Object.entries(table) as [FactName, FactTable[FactName]][]
  const kindOf = (fact: FactName) => (fact === 'nodes' || fact === 'kubeNodes' || fact === 'calicoNodes' ? 'node' : fact === 'calicoPods' ? 'pod' : undefined)
  for (const [fact, collected] of facts) {
    if (!collected.known) continue
    harvestFields(collected.value, harvest, kindOf(fact))
    if (perNodeFacts.has(fact)) for (const node of Object.keys(collected.value as object)) harvest.names.nodes.add(node)
  }
  const own = anonymizer(harvest, key)
  const hidden = facts.map(([fact, collected]) => {
    if (!collected.known) return [fact, {...collected, detail: own.text(collected.detail)}]
    if (!perNodeFacts.has(fact)) return [fact, {...collected, value: anonymizeJson(collected.value, own, kindOf(fact))}]
    return [
      fact,
      {...collected, value: Object.fromEntries(Object.entries(collected.value as object).map(([node, part]) => [own.name(node), anonymizeJson(part, own)]))},
    ]
  })
  return {own, table: Object.fromEntries(hidden) as FactTable}
}

describe.each(checks.map(check => [check.id, check] as const))('%s', (_, check) => {
  test.each(Object.entries(check.examples))('%s', (_, example) => {
    const {table, own} = hiddenTable(tableOf(check, example))
    const [before, after] = [examine(check, tableOf(check, example)), examine(check, table)]
    expect(after.status).toBe(before.status)
    if (before.status !== 'fail' || after.status !== 'fail') return
    expect(after.findings.map(finding => named(finding, nothing(''))).sort()).toEqual(before.findings.map(finding => named(finding, own)).sort())
  })
})
