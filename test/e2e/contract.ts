import {expect, type TestAPI} from 'vitest'
import type {ClusterState} from '../../src/demo/cluster-state.ts'
import type {Api} from './api.ts'
import type {Subject} from './subjects.ts'

/** What a part of the contract is told. Clusters start after tests are declared, so they come as functions. */
export interface Contract {
  readonly test: TestAPI
  readonly state: ClusterState
  readonly subject: () => Subject
  /** As a user who may do everything. */
  readonly api: () => Api
}

export const pools = '/apis/crd.projectcalico.org/v1/ippools'
export const nameOf = ({metadata: {name}}: {metadata: {name: string}}): string => name

/** What a Status says that is no success. */
export const failure = async (api: Api, path: string, accept?: string) => {
  const {status, json} = await api.ask('GET', path, {...(accept !== undefined && {accept})})
  const {message, reason, code, details} = json()
  expect(code).toBe(status)
  return {status, reason, message, details}
}
