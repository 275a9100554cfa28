import {type Collected, known, unknown} from '../engine/collected.ts'
import type {Access} from '../engine/collector.ts'
import type {Bounds} from './deadline.ts'
import {type Answer, type Ask, exchange} from './exchange.ts'
import {unknownBecause, unknownFor} from './status.ts'
import type {Wire} from './wire.ts'

/** What was asked, what came; `status` 0 when nothing did. */
export interface JsonAnswer {
  readonly status: number
  readonly json: Collected<any>
}

/** One question to the API, its answer parsed. Never throws for what the server does. */
export async function askJson(wire: Wire, ask: Ask): Promise<JsonAnswer> {
  // The query of a list is long and says little.
  const what = `${ask.method ?? 'GET'} ${ask.path.split('?', 1)[0]}`
  try {
    const answer = await exchange(wire, ask)
    return {status: answer.status, json: isGood(answer) ? parsed(answer, what) : unknownFor(answer, what)}
  } catch (error) {
    return {status: 0, json: unknownBecause(error, what)}
  }
}

const isGood = ({status}: Answer) => status >= 200 && status < 300

function parsed({body}: Answer, what: string): Collected<any> {
  try {
    return known(JSON.parse(body.toString()))
  } catch {
    return unknown('failed', `${what}: the answer of ${body.length} bytes is no JSON: it begins ${JSON.stringify(body.toString('utf8', 0, 40))}`)
  }
}

export const getJson = async (wire: Wire, path: string, bounds: Bounds): Promise<Collected<any>> => (await askJson(wire, {path, ...bounds})).json

/** The only thing that is ever created: a question about our own rights, which the server does not keep. */
export async function mayWe(wire: Wire, {verb, group, resource, subresource, namespace, name}: Access, bounds: Bounds): Promise<Collected<boolean>> {
  const resourceAttributes = {verb, group, resource, ...(subresource && {subresource}), ...(namespace && {namespace}), ...(name && {name})}
  const body = JSON.stringify({kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: {resourceAttributes}})
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const {json} = await askJson(wire, {method: 'POST', path, body, ...bounds})
  if (!json.known) return json
  const allowed: unknown = json.value?.status?.allowed
  return typeof allowed === 'boolean' ? known(allowed) : unknown('failed', `POST ${path}: the answer does not say whether it is allowed`)
}
