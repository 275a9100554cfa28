import {expect, test} from 'vitest'
import type {IpPool} from '../../src/calico/resources.ts'
import {type Check, defineCheck} from '../../src/engine/check.ts'
import {type Collected, known, unknown} from '../../src/engine/collected.ts'
import {examine} from '../../src/engine/examine.ts'
import type {FactTable} from '../../src/engine/facts.ts'

const needsPools: Check = defineCheck({
  id: 'cidr/sample',
  title: 'There is a pool of this name',
  failureTitle: 'There is none',
  why: '',
  needs: ['ipPools'],
  uses: ['bgpPeers'],
  messages: {
    none: {severity: 'error', text: () => 'no pool is called main', fix: () => [], absentFrom: ['ipPools']},
    unused: {severity: 'warning', text: () => 'a pool is called old', fix: () => []},
    noPeer: {severity: 'error', text: () => 'there is no peer', fix: () => [], absentFrom: ['bgpPeers']},
  },
  docs: [],
  *run({ipPools, bgpPeers}, report) {
    const where = {subjects: [{kind: 'IPPool', name: 'main'}]}
    if (!ipPools.some(({name}) => name === 'main')) yield report.none({}, where)
    if (ipPools.some(({name}) => name === 'old')) yield report.unused({}, where)
    if (bgpPeers.known && bgpPeers.value.length === 0) yield report.noPeer({}, where)
  },
  examples: {},
})
const pools = (...names: string[]): IpPool[] => names.map(name => ({name, spec: {cidr: '10.0.0.0/16'}}))
const judge = (ipPools: Collected<IpPool[]>, bgpPeers: Collected<never[]> = unknown('forbidden')) =>
  examine(needsPools, {ipPools, bgpPeers} as unknown as FactTable)
const said = (verdict: ReturnType<typeof judge>) => (verdict.status === 'fail' ? verdict.findings.map(({messageId}) => messageId) : [verdict.status])

test('what is missing from a whole list is a finding', () => {
  expect(said(judge(known(pools('other'))))).toEqual(['none'])
  expect(said(judge(known(pools('main')), known([])))).toEqual(['noPeer'])
})

test('what is missing from a part of a list is undecided, with what was not seen', () => {
  const verdict = judge(known(pools('other'), 'only the first 1'))
  expect(verdict).toMatchObject({status: 'unknown', reasons: ['what seems to be missing may be in what was not seen of ipPools (only the first 1)']})
  expect(judge(known(pools('main')), known([], 'page 2 was cut'))).toMatchObject({
    status: 'unknown',
    reasons: [expect.stringContaining('bgpPeers (page 2 was cut)')],
  })
})

test('what is there stays a finding', () => {
  expect(said(judge(known(pools('old'), 'only the first 1')))).toEqual(['unused'])
})
