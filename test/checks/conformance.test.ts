import {describe, expect, test} from 'vitest'
import {checkIds, loadChecks} from '../../src/checks/index.ts'
import {retiredIds} from '../../src/checks/retired.ts'
import {collectors} from '../../src/collectors/index.ts'
import type {Check, Example, Finding} from '../../src/engine/check.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'
import {type FactName, type FactTable, perNodeFacts} from '../../src/engine/facts.ts'

const checks = await loadChecks()
const named = checks.map((check, index) => [checkIds[index]!, check] as [string, Check])

/** `needs` come as values and `uses` as Collected in an example; the engine wants them all as Collected. */
const tableOf = (check: Check, given: Record<string, unknown>): FactTable =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, check.needs.includes(name) ? known(value) : value])) as never
const said = (finding: Finding) => [finding.messageId, ...finding.subjects.map(({kind, name}) => `${kind}/${name}`)].join(' ')
const findingsOf = (check: Check, {given}: Example<any, any>) => {
  const verdict = examine(check, tableOf(check, given))
  expect(verdict.status === 'crashed' ? verdict.error : '').toBe('')
  return verdict.status === 'fail' ? [...verdict.findings] : []
}

test('ids are unique, and none is used again after it was retired', () => {
  expect(new Set(checkIds).size).toBe(checkIds.length)
  expect(checkIds.filter(id => retiredIds.includes(id))).toEqual([])
})

/** What of a part of these lists becomes another message, or one that is true all the same. */
const saysOtherwise: Readonly<Record<string, string>> = {
  'bgp/bird-not-running nodes': 'neighbours that run BIRD tell that it should run, where annotations were not seen',
  'bgp/bird-not-running calicoPods': 'that its pod was made a moment ago was not seen: BIRD does not run',
  'bgp/session-down nodes': 'whose the address is, and so how its other end is, was not seen: the session is down',
  'bgp/session-down bgpPeers': 'that a password belongs to it was not seen: it is unanswered',
  'bgp/session-down calicoPods': "the peer's pod was not seen: it refuses",
  'datastore/locked datastoreMigrations': 'says that migrations could not be seen',
  'ebpf/kernel felixConfigurations': 'a node may be taken off by a FelixConfiguration of its own, which is hardly ever done',
  'install/node-pods nodes': 'that the node is down was not seen: its pod is not ready',
  'mtu/config-disagreement felixConfigurations': 'the places that were seen disagree',
  'mtu/config-disagreement ipPools': 'the setting has no effect, in use or not',
  'typha/incomplete calicoPods': 'that its pods were made a moment ago was not seen: none is ready',
  'node/address-mismatch ipPools': 'that the address is a tunnel’s was not seen: it is none of the node’s',
}

describe.each(named)('%s', (id, check) => {
  const examples = Object.entries(check.examples)

  test('is named after its file', () => expect(check.id).toBe(id))
  test('explains itself', () => {
    expect(check.title).not.toBe(check.failureTitle)
    expect(check.why.length).toBeGreaterThan(60)
    expect(check.docs.length).toBeGreaterThan(0)
    for (const page of check.docs) expect(page).toMatch(/^https:\/\//)
  })
  test('has a healthy example', () => expect(examples.some(([, {finds}]) => finds.length === 0)).toBe(true))
  test('says each of its messages in some example', () => {
    const spoken = new Set(examples.flatMap(([, {finds}]) => finds.map(line => line.split(' ')[0])))
    expect([...spoken].sort()).toEqual(Object.keys(check.messages).sort())
  })
  test.each(examples)('%s', (_name, example) => {
    const before = structuredClone(example.given)
    const findings = findingsOf(check, example)
    expect(findings.map(said).sort()).toEqual([...example.finds].sort())
    expect(example.given, 'a check must not change its facts').toEqual(before)
    for (const finding of findings) {
      expect(finding.subjects.length, 'a finding names what it is about').toBeGreaterThan(0)
      expect(finding.evidence.length, 'a finding shows what it was seen by').toBeGreaterThan(0)
      expect(finding.fix.length, 'a finding says what to do').toBeGreaterThan(0)
      expect(finding.message.length).toBeLessThan(400)
      expect(JSON.parse(JSON.stringify(finding.args)), 'arguments are JSON').toEqual(finding.args)
    }
  })
  test('every message says how to verify its fix', () => {
    for (const message of Object.values<any>(check.messages)) expect(message.verify).toBeTypeOf('function')
  })
  test('reads exactly the facts it declares', () => {
    const read = new Set<string>()
    for (const [, {given}] of examples) {
      const facts = new Proxy(given as object, {get: (target, name) => (read.add(String(name)), Reflect.get(target, name))}) as never
      const anything = new Proxy({}, {get: () => () => ({})}) as never
      check.notApplicable?.(facts)
      ;[...check.run(facts, anything)]
    }
    expect([...read].sort()).toEqual([...check.needs, ...(check.uses ?? [])].sort())
  })
  test.each([...check.needs] as FactName[])('never passes without %s', fact => {
    for (const [, {given}] of examples) {
      const table = {...tableOf(check, given as never), [fact]: unknown('forbidden', '403')}
      expect(['unknown', 'not-applicable']).toContain(examine(check, table).status)
    }
  })
  test.each([...check.needs].filter(fact => perNodeFacts.has(fact)) as FactName[])('never passes when one node lacks %s', fact => {
    for (const [, {given}] of examples) {
      const whole = (given as Record<string, object>)[fact]!
      const table = {...tableOf(check, given as never), [fact]: known({...whole, 'silent-node': unknown('timeout', '15 s')})}
      expect(examine(check, table).status).not.toBe('pass')
    }
  })
  test.each([...(check.uses ?? [])] as FactName[])('does not crash without %s', fact => {
    for (const [, {given}] of examples) {
      const table = {...tableOf(check, given as never), [fact]: unknown('forbidden', '403')}
      expect(examine(check, table)).not.toMatchObject({status: 'crashed'})
    }
  })
  test.each([...check.needs, ...(check.uses ?? [])].filter(fact => !perNodeFacts.has(fact) && !(`${id} ${fact}` in saysOtherwise)) as FactName[])(
    'says no more of a part of %s',
    fact => {
      for (const [name, example] of examples) {
        const table = tableOf(check, example.given as never)
        const whole = table[fact]
        if (!whole?.known || !Array.isArray(whole.value)) continue
        const said = new Set(findingsOf(check, example).map(({messageId}) => messageId))
        const verdict = examine(check, {...table, [fact]: known([], 'only the first 0')})
        const more = verdict.status === 'fail' ? verdict.findings.filter(({messageId}) => !said.has(messageId)) : []
        expect(more, name).toEqual([])
      }
    },
  )
  test.each([...check.needs, ...(check.uses ?? [])] as FactName[])('does not pass of a part of %s what fails of the whole', fact => {
    for (const [name, example] of examples.filter(([, {finds}]) => finds.length > 0)) {
      const table = tableOf(check, example.given as never)
      const whole = table[fact]
      if (!whole?.known || typeof whole.value !== 'object') continue
      const nothing = Array.isArray(whole.value) ? [] : perNodeFacts.has(fact) ? {} : whole.value
      expect(examine(check, {...table, [fact]: known(nothing, 'only the first 0')}).status, name).not.toBe('pass')
    }
  })
  test('needs only what a collector brings', () => {
    const had = new Set(collectors.flatMap(collector => Object.keys(collector.facts)))
    expect([...check.needs, ...(check.uses ?? [])].filter(fact => !had.has(fact))).toEqual([])
  })
})
