import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import nodesOverlap from '../../src/checks/cidr/nodes-overlap.ts'
import poolsOverlap from '../../src/checks/cidr/pools-overlap.ts'
import servicesOverlap from '../../src/checks/cidr/services-overlap.ts'
import {exampleLinks, exampleNode, examplePod, examplePool, manifestInstall, operatorInstall} from '../../src/checks/example-cluster.ts'
import {known, unknown} from '../../src/engine/collected.ts'
import {examined} from './examined.ts'

describe('cidr/pools-overlap', () => {
  test('a CIDR that cannot be read is named, and is no pass', () => {
    const ipPools = [examplePool('a', '10.244.0.0/33'), examplePool('b', '10.0.0.0/8')]
    expect(examined(poolsOverlap, {ipPools, install: manifestInstall})).toMatchObject({
      status: 'unknown',
      reasons: ['IPPool a: its CIDR "10.244.0.0/33" cannot be read'],
    })
  })
  test('groups are those of plain pairwise comparison', () => {
    const cidr = fc.tuple(fc.nat(15), fc.integer({min: 12, max: 20})).map(([block, prefix]) => `10.${block * 16}.0.0/${prefix}`)
    fc.assert(
      fc.property(fc.array(cidr, {maxLength: 8}), cidrs => {
        const {findings} = examined(poolsOverlap, {ipPools: cidrs.map((text, index) => examplePool(`p${index}`, text)), install: manifestInstall})
        const network = (text: string) => {
          const [second, prefix] = [Number(text.split('.')[1]), Number(text.split('/')[1])]
          return {first: second * 2 ** 16, last: second * 2 ** 16 + 2 ** (32 - prefix) - 1}
        }
        const touching = cidrs.flatMap((one, index) => {
          const own = network(one)
          return cidrs.some((other, at) => at !== index && network(other).first <= own.last && own.first <= network(other).last) ? [`p${index}`] : []
        })
        expect(findings.flatMap(({subjects}) => subjects.map(({name}) => name)).sort()).toEqual(touching.sort())
      }),
    )
  })
  test("the operator's pools are given up in Installation", () => {
    const ipPools = [examplePool('a', '10.244.0.0/16'), examplePool('b', '10.244.0.0/16')]
    expect(examined(poolsOverlap, {ipPools, install: operatorInstall}).findings[0]?.fix.at(-1)?.text).toMatch(/Installation default/)
  })
})

describe('cidr/nodes-overlap', () => {
  test('no exec: the prefix in the annotation is enough', () => {
    const given = {nodes: [exampleNode('a', 1)], ipPools: [examplePool('p', '10.244.0.0/16')], links: unknown('forbidden', '403'), install: manifestInstall}
    expect(examined(nodesOverlap, given).status).toBe('pass')
  })
  test('Windows and virtual nodes without annotation have no interfaces to show', () => {
    const nodes = [
      exampleNode('a', 1),
      exampleNode('w', 2, {operatingSystem: 'windows', annotations: {}}),
      exampleNode('v', 3, {virtual: true, annotations: {}}),
    ]
    expect(examined(nodesOverlap, {nodes, ipPools: [examplePool('p', '10.244.0.0/16')], links: known({}), install: manifestInstall}).status).toBe('pass')
  })
  test("the address of a second NIC, which Calico uses, counts with that NIC's subnet", () => {
    const nodes = [exampleNode('a', 1, {annotations: {ipv4: '10.2.0.5/32'}})]
    const links = known({a: known([...exampleLinks(1, 1500), {name: 'eth1', mtu: 1500, up: true, operState: 'UP', addresses: ['10.2.0.5/16']}])})
    const {findings} = examined(nodesOverlap, {nodes, ipPools: [examplePool('p', '10.2.128.0/17')], links, install: manifestInstall})
    expect(findings[0]?.evidence).toEqual(['IPPool p: cidr 10.2.128.0/17', 'a: 10.2.0.0/16 (interface eth1)'])
  })
  test('1,000 nodes with 200 pods each are judged in a second', () => {
    const pods = Array.from({length: 200}, (_, index) => ({...examplePod(1450, `cali${index}`), addresses: ['fe80::ecee:eeff:feee:eeee/64']}))
    const nodes = Array.from({length: 1000}, (_, index) => exampleNode(`n${index}`, index % 250))
    const links = known(Object.fromEntries(nodes.map(({name}, index) => [name, known(exampleLinks(index % 250, 1500, pods))])))
    const started = performance.now()
    expect(examined(nodesOverlap, {nodes, ipPools: [examplePool('p', '10.244.0.0/16')], links, install: manifestInstall}).status).toBe('pass')
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('cidr/services-overlap', () => {
  const given = (cidrs: readonly string[]) => ({
    ipPools: [examplePool('p', '10.244.0.0/16')],
    serviceCidrs: {cidrs: cidrs.map(cidr => ({cidr, source: 'kubeadm-config'})), kubernetesIps: ['10.96.0.1']},
    install: manifestInstall,
  })
  test('no range anywhere is no pass', () => {
    expect(examined(servicesOverlap, given([]))).toMatchObject({status: 'unknown', reasons: [expect.stringContaining('10.96.0.1')]})
    expect(examined(servicesOverlap, given(['10.96.0.0/12'])).status).toBe('pass')
  })
  test('a range that cannot be read is no pass', () => expect(examined(servicesOverlap, given(['10.96.0.0-10.97.0.0'])).status).toBe('unknown'))
})
