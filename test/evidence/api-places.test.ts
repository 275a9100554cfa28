import {expect, test} from 'vitest'
import {known, unknown} from '../../src/engine/collected.ts'
import {moreNamespaces} from '../../src/evidence/api-places.ts'

const installation = (calicoVersion?: string, variant?: string) =>
  known({spec: {...(variant !== undefined && {variant})}, ...(calicoVersion !== undefined && {calicoVersion})})
const group = (mode: 'crd-v1' | 'aggregated' | 'native-v3') => known({mode, group: 'crd.projectcalico.org', version: 'v1'})

test.each([
  ['operator, no API server', installation('v3.30.1'), group('crd-v1'), ['calico-system', 'tigera-operator']],
  ['operator, its API server up to 3.30', installation('v3.30.1'), group('aggregated'), ['calico-system', 'calico-apiserver', 'tigera-operator']],
  ['from 3.31 on', installation('v3.31.0'), group('aggregated'), ['calico-system', 'tigera-operator']],
  ['of a version that nobody said', installation(), group('aggregated'), ['calico-system', 'calico-apiserver', 'tigera-operator']],
  ['Enterprise', installation('v3.31.0', 'TigeraSecureEnterprise'), group('aggregated'), ['calico-system', 'calico-apiserver', 'tigera-operator']],
  ['operator, and nobody knows which group', installation('v3.30.1'), unknown('forbidden'), ['calico-system', 'calico-apiserver', 'tigera-operator']],
  ['manifests', unknown('absent'), group('aggregated'), ['calico-apiserver']],
  ['manifests, no API server', unknown('absent'), group('crd-v1'), []],
])('%s', (_name, installed, apiGroup, namespaces) => {
  expect(moreNamespaces({installation: installed, apiGroup})).toEqual(namespaces)
})
