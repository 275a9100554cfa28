import fc from 'fast-check'
import {expect, test} from 'vitest'
import {imageVersion, isAtLeast, writtenVersion} from '../../src/calico/calico-version.ts'

test.each([
  ['docker.io/calico/node:v3.29.1', '3.29.1'],
  ['registry.local:5000/calico/node:v3.27.3', '3.27.3'],
  ['registry.local:5000/calico/node', undefined],
  ['docker.io/rancher/hardened-calico:v3.27.3-build20240423@sha256:0123', '3.27.3'],
  ['projects.registry.vmware.com/tkg/calico-all/node:v3.26.1_vmware.1', '3.26.1'],
  ['mcr.microsoft.com/oss/calico/node:v3.26', '3.26.0'],
  ['quay.io/calico/node:master', undefined],
  ['quay.io/calico/node@sha256:0123', undefined],
  ['quay.io/tigera/cnx-node:v3.19.1', undefined],
  ['', undefined],
])('%s', (image, version) => expect(imageVersion(image)?.version).toBe(version))

test('development versions', () => expect(writtenVersion('v3.34.0-0.dev-12', 'x')).toMatchObject({version: '3.34.0', major: 3, minor: 34}))
test('at least', () => {
  const version = writtenVersion('v3.29.1', 'x')!
  expect([isAtLeast(version, 3, 29), isAtLeast(version, 3, 30), isAtLeast(version, 2, 99), isAtLeast(version, 4, 0)]).toEqual([true, false, true, false])
})
test('no text makes it throw', () => {
  fc.assert(fc.property(fc.string({unit: 'binary', maxLength: 300}), text => void [imageVersion(text), writtenVersion(text, '')]))
})
