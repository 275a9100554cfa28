import fc from 'fast-check'
import {expect, test} from 'vitest'
import {unwrapMetadata} from '../../src/calico/metadata-annotation.ts'

const of = (json: string | undefined, labels = {real: 'yes'}) =>
  unwrapMetadata({name: 'default.allow', labels, annotations: json === undefined ? {} : {'projectcalico.org/metadata': json}})

test('applied by kubectl: what the object says is real', () => expect(of(undefined)).toEqual({name: 'default.allow', labels: {real: 'yes'}}))
test('hidden labels are laid over, and a hidden name wins', () => {
  expect(of('{"name":"allow","labels":{"tier":"front","real":"no"},"creationTimestamp":null}')).toEqual({name: 'allow', labels: {real: 'no', tier: 'front'}})
})
test.each(['{oops', '[]', 'null', '"text"', ''])('%s loses nothing', json => expect(of(json)).toEqual({name: 'default.allow', labels: {real: 'yes'}}))
test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), json => typeof of(json).name === 'string'))
})
