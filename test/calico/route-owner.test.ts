import {expect, test} from 'vitest'
import {felixWritesRoutes} from '../../src/calico/route-owner.ts'

const version = (minor: number) => ({version: `3.${minor}.0`, major: 3, minor, patch: 0, source: 'image'})
const set = (value?: string, known = true) => ({known, ...(value && {setting: {value, source: 'FelixConfiguration default programClusterRoutes'}})})

test.each([
  [28, undefined, false, false],
  [30, 'Enabled', false, false],
  [31, undefined, false, false],
  [32, 'Enabled', true, true],
  [33, undefined, true, false],
  [33, 'Disabled', false, false],
  [33, 'EnabledIPIPOnly', true, false],
  [34, 'EnabledNoEncapOnly', false, true],
  [34, 'Enabled', true, true],
  [33, 'Nonsense', true, false],
])('v3.%i with %s: IPIP %s, bare %s', (minor, value, ipip, bare) => {
  expect([felixWritesRoutes('ipip', version(minor), set(value)), felixWritesRoutes('bare', version(minor), set(value))]).toEqual([ipip, bare])
})
test('what was not seen is not decided, unless it does not matter', () => {
  expect(felixWritesRoutes('ipip', undefined, set())).toBeUndefined()
  expect(felixWritesRoutes('bare', undefined, set())).toBe(false)
  expect(felixWritesRoutes('ipip', version(33), set(undefined, false))).toBeUndefined()
  expect(felixWritesRoutes('ipip', version(30), set(undefined, false))).toBe(false)
  expect(felixWritesRoutes('ipip', undefined, set('Enabled'))).toBeUndefined()
})
