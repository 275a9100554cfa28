import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {compareKernels, ebpfCodeMinimum, ebpfDocumentedMinimum, meets, parseKernel} from '../../src/calico/kernel-version.ts'

test.each([
  ['5.15.0-91-generic', {major: 5, minor: 15, patch: 0, build: 91, redHat: false}],
  ['4.18.0-477.10.1.el8_8.x86_64', {major: 4, minor: 18, patch: 0, build: 477, redHat: true}],
  ['3.10.0-1160.el7.x86_64', {major: 3, minor: 10, patch: 0, build: 1160, redHat: true}],
  ['5.4.17-2136.330.7.5.el8uek.x86_64', {major: 5, minor: 4, patch: 17, build: 2136, redHat: true}],
  ['6.1.0-0.deb11.21-cloud-amd64', {major: 6, minor: 1, patch: 0, build: 0, redHat: false}],
  ['5.10.0-1160-azure', {major: 5, minor: 10, patch: 0, build: 1160, redHat: false}],
  ['5.10.230-223.885.amzn2.x86_64', {major: 5, minor: 10, patch: 230, build: 223, redHat: false}],
  ['6.6.22-flatcar', {major: 6, minor: 6, patch: 22, build: 0, redHat: false}],
  ['6.8', {major: 6, minor: 8, patch: 0, build: 0, redHat: false}],
])('%s', (text, expected) => expect(parseKernel(text)).toEqual(expected))

test('the image tells a Red Hat kernel that does not name itself', () => {
  expect(parseKernel('4.18.0-348', 'Rocky Linux 8.5 (Green Obsidian)')).toMatchObject({redHat: true})
  expect(parseKernel('4.18.0-348', 'Ubuntu 18.10')).toMatchObject({redHat: false})
})
test.each(['', 'x', 'v5.4', 'Linux 5.4', '5'])('%j is no kernel', text => expect(parseKernel(text)).toBeUndefined())

describe('eBPF', () => {
  test.each([
    ['5.15.0-91-generic', true, true],
    ['5.10.0-28-amd64', true, true],
    ['5.4.0-150-generic', true, false],
    ['5.3.0-1-generic', true, false],
    ['5.2.21-300.fc31.x86_64', false, false],
    ['4.19.0-26-amd64', false, false],
    ['4.18.0-477.10.1.el8_8.x86_64', true, true],
    ['4.18.0-305.el8.x86_64', true, true],
    ['4.18.0-240.22.1.el8_3.x86_64', true, false],
    ['4.18.0-193.el8.x86_64', true, false],
    ['4.18.0-147.8.1.el8_1.x86_64', false, false],
    ['4.18.0-25-generic', false, false],
    ['3.10.0-1160.el7.x86_64', false, false],
    ['5.14.0-427.13.1.el9_4.x86_64', true, true],
  ])('%s: code %s, documentation %s', (text, code, documented) => {
    const kernel = parseKernel(text)!
    expect([meets(kernel, ebpfCodeMinimum), meets(kernel, ebpfDocumentedMinimum)]).toEqual([code, documented])
  })
})

test('order is by number, not by text', () => {
  const parts = fc.tuple(fc.nat(20), fc.nat(30), fc.nat(300), fc.nat(2000))
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const [one, other] = [a, b].map(([major, minor, patch, build]) => parseKernel(`${major}.${minor}.${patch}-${build}-generic`)!)
      const first = a.findIndex((part, index) => part !== b[index])
      expect(Math.sign(compareKernels(one!, other!))).toBe(first < 0 ? 0 : Math.sign(a[first]! - b[first]!))
    }),
  )
})
test('no text throws', () => fc.assert(fc.property(fc.string(), fc.string(), (text, image) => void parseKernel(text, image))))
